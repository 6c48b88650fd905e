// The packet: keys, decisions, the transcript beside it.
const items = () => [...document.querySelectorAll("#packet [data-item]")];
let place = -1;
let work = Promise.resolve();
// How often the packet turned out to be changed by somebody else; what was sent before that is not decided on top of it.
let changes = 0;
// The forms that wait for their turn, by name: one that is sent twice is one decision.
const waiting = new Set();

/** Does steps one after the other. One that fails is told, and the next are done all the same. */
function queue(step) {
  const asked = changes;
  work = work
    .then(() => (asked === changes ? step() : undefined))
    .catch(() => say("The service did not answer, so nobody knows whether it was kept: send it again."));
  return work;
}

/** Goes on from the line that `element` is in. */
function from(element) {
  const at = items().indexOf(element.closest("[data-item]"));
  if (at >= 0) place = at;
}

function go(to) {
  const all = items();
  if (all.length === 0) return;
  const more = to > place && rest(all[place], all[to]);
  if (more) return void queue(() => unfold(more)).then((shown) => shown && go(to));
  place = Math.max(0, Math.min(to, all.length - 1));
  all[place].focus({ preventScroll: true });
  all[place].scrollIntoView({ block: "center" });
}

/** Returns the link to the rest of the section of line `here`, where `there` is beyond what is shown of it. */
function rest(here, there) {
  const section = here?.closest("section");
  return section && section !== there?.closest("section") ? section.querySelector(".rest a") : null;
}

/** Shows the rest of a section, as its link does. */
async function unfold(link) {
  const { answer, fresh } = await page(link.href);
  if (!answer.ok || !show(fresh)) return false;
  history.replaceState(null, "", link.href);
  return true;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("#packet .rest a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  queue(() => unfold(link));
});

// A line that was in sight when its address was kept may be in the rest of its section now.
const [, sought] = location.hash.match(/^#item-([\w-]+)$/) ?? [];
if (sought && document.querySelector("#packet .rest") && !document.querySelector(location.hash) && !location.search.includes(sought)) {
  location.replace(`?whole=${sought}${location.hash}`);
}

function say(words) {
  document.querySelector("#said").textContent = words;
}

/** Sends a form of the packet and shows the packet, and the line beside it, as they are then. */
async function decide(form, button, body = filled(form, button)) {
  // A form of a page that our own decisions have replaced rests on what they made of it.
  const revision = document.querySelector("#packet input[name=revision]");
  if (!form.isConnected && revision) body.set("revision", revision.value);
  const to = button?.getAttribute("formaction") ?? form.getAttribute("action");
  const { answer, fresh } = await page(to, { method: "POST", body });
  if (answer.ok && show(fresh, nameOf(form))) {
    say(document.querySelector("#left").textContent);
    if (lineShown) await showLine(lineShown, nameOf(form));
    return;
  }
  const trouble = fresh.querySelector("#trouble")?.textContent ?? "It was not kept. Load the page again.";
  say(trouble);
  if (answer.status !== 412) return;
  changes += 1;
  const now = await page(location.pathname + location.search);
  if (now.answer.ok && show(now.fresh)) say(`${trouble} The packet is shown as it stands now, with what you typed.`);
  if (lineShown) await showLine(lineShown);
}

/** Returns what a form sends. */
function filled(form, button) {
  const body = new URLSearchParams(new FormData(form));
  body.delete("back");
  if (button?.name) body.set(button.name, button.value);
  return body;
}

/** Shows a fresh packet in place of the old one, with what was opened and typed there but for the form that was sent. */
function show(fresh, sent) {
  const now = fresh.querySelector("#packet");
  if (!now) return false;
  const focus = carry(document.querySelector("#packet"), now, sent);
  swap("#packet", fresh);
  if (focus) focus.focus({ preventScroll: true });
  else if (place >= 0) go(place);
  return true;
}

/** Names a form, the same on each page that shows it: where it stands, what it does and to what. */
function nameOf(form) {
  const bound = ["revision", "seen", "packet"];
  const fixed = [...form.elements].filter((it) => (it.type === "hidden" && !bound.includes(it.name)) || it.type === "submit");
  return [form.closest("[id]").id, form.getAttribute("action"), ...fixed.map((it) => it.value)].join(" ");
}

/** Returns what can be opened or typed in under `root`, by name; of several with one name, by their order too. */
function drafts(root) {
  const named = new Map();
  for (const it of root.querySelectorAll("form, details")) {
    const form = it.matches("form") ? it : it.querySelector("form");
    const what = form ? nameOf(form) : `${it.closest("[id]").id} ${it.querySelector("summary").textContent}`;
    let name = it === form ? what : `around ${what}`;
    while (named.has(name)) name += "+";
    named.set(name, it);
  }
  return named;
}

/** Opens and fills in under `now` what a person opened and typed under `old`; returns the field that they are typing in. */
function carry(old, now, sent) {
  const after = drafts(now);
  let focus;
  for (const [name, it] of drafts(old)) {
    const twin = after.get(name);
    if (!twin || name === sent || name === `around ${sent}`) continue;
    if (it.matches("form")) focus = refill(it, twin) ?? focus;
    else twin.open = it.open;
  }
  return focus;
}

function refill(old, now) {
  let focus;
  for (const [at, it] of [...old.elements].entries()) {
    const twin = now.elements[at];
    if (twin?.name !== it.name || twin.type !== it.type) continue;
    if (it === document.activeElement) focus = twin;
    if (it.matches("[type=checkbox], [type=radio]")) {
      if (it.checked !== it.defaultChecked) twin.checked = it.checked;
    } else if (it.matches("select")) {
      const drawn = [...it.options].find((option) => option.defaultSelected) ?? it.options[0];
      if (it.value !== drawn?.value) twin.value = it.value;
    } else if (it.matches("textarea, input:not([type=hidden])") && it.value !== it.defaultValue) {
      twin.value = it.value;
    }
  }
  return focus;
}

/** Opens a part of the line in focus, ready to type in. */
function open(name) {
  const part = items()[place]?.querySelector(`details[data-act="${name}"]`);
  if (!part) return;
  part.open = true;
  part.querySelector("textarea, input:not([type=hidden])").focus();
}

const KEYS = {
  j: () => go(place + 1),
  k: () => go(place - 1),
  a: () => {
    const [form, at] = [items()[place]?.querySelector('form[data-act="accept"]'), place];
    if (!form) return;
    queue(async () => {
      const now = items()[at]?.querySelector('form[data-act="accept"]');
      if (!now) return;
      await decide(now, now.querySelector("button"));
      if (place === at) go(at + 1);
    });
  },
  e: () => open("edit"),
  x: () => open("reject"),
  c: () => open("comment"),
  i: () => {
    const at = place;
    queue(async () => {
      const form = items()[at]?.querySelector('form[data-act="initial"]');
      if (!form) return;
      await decide(form, form.querySelector("button"));
      const next = items().findIndex((item, to) => to > at && item.querySelector('form[data-act="initial"]'));
      if (place === at && next > at) go(next);
    });
  },
  h: () => items()[place]?.querySelector("a.line")?.click(),
  u: () => {
    queue(async () => {
      const form = document.querySelector('form[data-act="undo"]');
      if (form) await decide(form, form.querySelector("button"));
    });
  },
  "?": () => {
    const keys = document.querySelector("#keys");
    keys.open = !keys.open;
    if (keys.open) keys.scrollIntoView({ block: "center" });
  },
};

document.addEventListener("keydown", (event) => {
  if (!document.querySelector("#packet") || event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.closest("input, textarea, select");
  if (typing && event.key === "Escape") {
    const part = event.target.closest("details");
    if (part) part.open = false;
    if (place < 0) event.target.blur();
    else go(place);
  }
  if (typing || !(event.key in KEYS)) return;
  event.preventDefault();
  KEYS[event.key]();
});

document.addEventListener("submit", (event) => {
  const [form, button] = [event.target, event.submitter];
  if (!form.closest("#packet, #beside") || !document.querySelector("#packet")) return;
  event.preventDefault();
  from(form);
  const [name, body] = [nameOf(form), filled(form, button)];
  if (waiting.has(name)) return;
  waiting.add(name);
  queue(() => decide(form, button, body)).finally(() => waiting.delete(name));
});

document.addEventListener("focusin", (event) => {
  const item = event.target.closest("#packet [data-item]");
  if (!item) return;
  const before = place;
  place = items().indexOf(item);
  if (place !== before || !lineShown) beside(item.querySelector("a.read"));
});

// Beside the packet stands the transcript, or all about one line.
const isWide = () => matchMedia("(min-width: 72rem)").matches;
let shown = "";
let lineShown = "";

/** Shows the turn that a link leads to, with the turns around. */
async function beside(link) {
  const aside = document.querySelector("#beside");
  if (!aside || !link || !isWide()) return;
  lineShown = "";
  const address = new URL(link.href);
  if (shown !== address.pathname) {
    shown = address.pathname;
    const { answer, fresh } = await page(address.pathname);
    const words = fresh.querySelector("#transcript");
    if (!answer.ok || !words || shown !== address.pathname) return;
    const title = document.createElement("h2");
    title.textContent = link.textContent;
    aside.replaceChildren(title, words);
    aside.hidden = false;
  }
  aside.querySelector(".here")?.classList.remove("here");
  const turn = aside.querySelector(address.hash);
  if (!turn) return;
  turn.classList.add("here");
  aside.scrollTo({ top: turn.offsetTop - aside.clientHeight / 3 });
}

/** Shows all about one line: its history and fields. */
async function showLine(address, sent) {
  const aside = document.querySelector("#beside");
  const old = lineShown === address && aside.querySelector("#line");
  [shown, lineShown] = ["", address];
  const { answer, fresh } = await page(address);
  const line = fresh.querySelector("#line");
  if (!answer.ok || !line || lineShown !== address) return;
  const focus = old ? carry(old, line, sent) : undefined;
  aside.replaceChildren(line);
  localise(aside);
  aside.hidden = false;
  if (focus) focus.focus({ preventScroll: true });
  else aside.scrollTo({ top: 0 });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("#packet a.line");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !isWide()) return;
  event.preventDefault();
  from(link);
  showLine(link.getAttribute("href"));
});
