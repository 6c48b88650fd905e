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
  if (old && now) old.replaceWith(now);
  return now;
}

// The packet: keys, decisions, the transcript beside it.
const items = () => [...document.querySelectorAll("#packet [data-item]")];
let place = -1;
let work = Promise.resolve();

function go(to) {
  const all = items();
  if (all.length === 0) return;
  place = Math.max(0, Math.min(to, all.length - 1));
  all[place].focus({ preventScroll: true });
  all[place].scrollIntoView({ block: "center" });
}

function say(words) {
  const said = document.querySelector("#said");
  if (said) said.textContent = words;
}

/** Sends a form of the packet and shows the packet as it is then. */
async function decide(form, button) {
  const body = new URLSearchParams(new FormData(form));
  if (button && button.name) body.set(button.name, button.value);
  const { answer, fresh } = await page(form.action, { method: "POST", body });
  if (!answer.ok || !swap("#packet", fresh)) {
    const trouble = fresh.querySelector("#trouble");
    return say(trouble ? trouble.textContent : "It was not kept. Load the page again.");
  }
  if (place >= 0) go(place);
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
    work = work.then(async () => {
      const now = items()[at]?.querySelector('form[data-act="accept"]');
      if (!now) return;
      await decide(now, now.querySelector("button"));
      if (place === at) go(at + 1);
    });
  },
  e: () => open("edit"),
  x: () => open("reject"),
  u: () => {
    work = work.then(async () => {
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
    event.target.closest("details").open = false;
    go(place);
  }
  if (typing || !(event.key in KEYS)) return;
  event.preventDefault();
  KEYS[event.key]();
});

document.addEventListener("submit", (event) => {
  if (!event.target.closest("#packet")) return;
  event.preventDefault();
  const [form, button] = [event.target, event.submitter];
  place = Math.max(place, items().indexOf(form.closest("[data-item]")));
  work = work.then(() => decide(form, button));
});

document.addEventListener("focusin", (event) => {
  const item = event.target.closest("#packet [data-item]");
  if (!item) return;
  place = items().indexOf(item);
  beside(item.querySelector("a.read"));
});

let shown = "";
async function beside(link) {
  const aside = document.querySelector("#beside");
  if (!aside || !link || !matchMedia("(min-width: 72rem)").matches) return;
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

// Files that are dropped are chosen.
const drop = document.querySelector("[data-drop]");
for (const kind of ["dragover", "dragleave", "drop"]) {
  drop?.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", kind === "dragover");
    if (kind === "drop") drop.querySelector("input").files = event.dataTransfer.files;
  });
}
