// The call: words that are selected can be added to the packet; a speaker is corrected where they speak.
const pick = document.querySelector("#pick");

/** Returns how many bytes of the turn stand before a place in it; marks and shown numbers count as what they stand for. */
function bytesBefore(words, node, offset) {
  const length = (text) => new TextEncoder().encode(text).length;
  const before = document.createRange();
  before.setStart(words, 0);
  before.setEnd(node, offset);
  const texts = document.createTreeWalker(words, NodeFilter.SHOW_TEXT);
  let bytes = 0;
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (!before.intersectsNode(text)) break;
    const stands = text.parentElement.closest("[data-bytes]");
    if (stands) bytes += Number(stands.dataset.bytes);
    else bytes += length(text === node ? text.data.slice(0, offset) : text.data);
    if (text === node) break;
  }
  return bytes;
}

/** Fills in the form with the words that are selected in one turn. */
function picked() {
  const selection = getSelection();
  if (!pick || selection.isCollapsed || pick.contains(document.activeElement)) return;
  const range = selection.getRangeAt(0);
  const turn = (node) => (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("#transcript .words");
  const words = turn(range.startContainer);
  if (!words) return;
  if (turn(range.endContainer) !== words) range.setEnd(words, words.childNodes.length);
  const [start, end] = [
    bytesBefore(words, range.startContainer, range.startOffset),
    bytesBefore(words, range.endContainer, range.endOffset),
  ];
  if (start === end) return;
  for (const [name, value] of Object.entries({ start, end })) {
    const input = pick.querySelector(`[name=${name}]`) ?? pick.appendChild(document.createElement("input"));
    Object.assign(input, { type: "hidden", name, value });
  }
  pick.elements.turn.value = words.closest(".turn").id.slice("turn-".length);
  pick.elements.quote.value = range.toString();
  pick.classList.add("picked");
}
for (const kind of ["mouseup", "touchend", "keyup"]) document.addEventListener(kind, () => setTimeout(picked));

// What is typed by hand is looked for to the letter, and no selection counts.
pick?.addEventListener("input", (event) => {
  if (event.target.matches("[name=turn], [name=quote]")) {
    for (const input of pick.querySelectorAll("[name=start], [name=end]")) input.remove();
  }
});

document.addEventListener("click", (event) => {
  const name = event.target.closest("#transcript a.voice");
  const form = name && document.querySelector(name.getAttribute("href"));
  if (!form || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const turn = name.closest(".turn");
  const open = turn.querySelector("form");
  if (open) return open.remove();
  const own = form.cloneNode(true);
  own.removeAttribute("id");
  own.append(Object.assign(document.createElement("input"), { type: "hidden", name: "turn", value: turn.id.slice("turn-".length) }));
  turn.querySelector(".by").after(own);
  own.querySelector("[name=name]").focus();
});
