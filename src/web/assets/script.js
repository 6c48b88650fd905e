// Pages work without this; with it, decisions and searches do not load the page anew.
"use strict";

/** Fetches a page of ours; a session that has ended is noticed by where the answer comes from. */
async function page(address, options) {
  const answer = await fetch(address, { credentials: "same-origin", ...options });
  if (new URL(answer.url).pathname === "/sign-in") location.reload();
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  return { answer, fresh };
}

/** Puts what `fresh` has under `selector` in place of what stands there. */
function swap(selector, fresh) {
  const [old, now] = [document.querySelector(selector), fresh.querySelector(selector)];
  if (old && now) {
    localise(now);
    old.replaceWith(now);
  }
  return now;
}

/** Tells moments in the zone of whoever looks; what the server wrote stays as the title. */
function localise(root) {
  for (const time of root.querySelectorAll("time[data-moment]")) {
    time.title = time.textContent;
    time.textContent = new Date(time.dateTime).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
    time.removeAttribute("data-moment");
  }
}
localise(document);

// Search and filters: answered while one types; the address always holds the question.
let asked = 0;
async function ask(form, typing) {
  const turn = ++asked;
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
  const address = `${form.getAttribute("action")}?${query}`;
  const { fresh } = await page(typing ? `${address}&typing=true` : address);
  if (turn !== asked) return;
  swap("#results", fresh);
  history.replaceState(null, "", address);
}

let pause;
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-live]");
  if (!form) return;
  clearTimeout(pause);
  pause = setTimeout(() => ask(form, event.target.type === "search"), 80);
});

// The turns around a hit, in place.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a.around");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const known = link.closest("li").querySelector(".around-turns");
  if (known) return known.remove();
  const { fresh } = await page(link.href);
  const turns = fresh.querySelector("#transcript");
  if (!turns) return;
  turns.removeAttribute("id");
  turns.className = "around-turns";
  turns.querySelector(new URL(link.href).hash)?.classList.add("here");
  link.closest("li").append(turns);
});
