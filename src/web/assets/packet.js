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

/** Sends a form of the packet and shows the packet, and the line beside it, as they are then. */
async function decide(form, button) {
  const body = new URLSearchParams(new FormData(form));
  body.delete("back");
  if (button?.name) body.set(button.name, button.value);
  const to = button?.getAttribute("formaction") ?? form.getAttribute("action");
  const { answer, fresh } = await page(to, { method: "POST", body });
  if (!answer.ok || !swap("#packet", fresh)) {
    const trouble = fresh.querySelector("#trouble");
    return say(trouble ? trouble.textContent : "It was not kept. Load the page again.");
  }
  localise(document.querySelector("#packet"));
  if (place >= 0) go(place);
  if (lineShown) await showLine(lineShown);
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
  c: () => open("comment"),
  i: () => {
    const at = place;
    work = work.then(async () => {
      const form = items()[at]?.querySelector('form[data-act="initial"]');
      if (!form) return;
      await decide(form, form.querySelector("button"));
      const next = items().findIndex((item, to) => to > at && item.querySelector('form[data-act="initial"]'));
      if (place === at && next > at) go(next);
    });
  },
  h: () => items()[place]?.querySelector("a.line")?.click(),
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
  if (!event.target.closest("#packet, #beside") || !document.querySelector("#packet")) return;
  event.preventDefault();
  const [form, button] = [event.target, event.submitter];
  place = Math.max(place, items().indexOf(form.closest("[data-item]")));
  work = work.then(() => decide(form, button));
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
async function showLine(address) {
  const aside = document.querySelector("#beside");
  [shown, lineShown] = ["", address];
  const { answer, fresh } = await page(address);
  const line = fresh.querySelector("#line");
  if (!answer.ok || !line || lineShown !== address) return;
  aside.replaceChildren(line);
  localise(aside);
  aside.hidden = false;
  aside.scrollTo({ top: 0 });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("#packet a.line");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !isWide()) return;
  event.preventDefault();
  place = Math.max(place, items().indexOf(link.closest("[data-item]")));
  showLine(link.getAttribute("href"));
});
