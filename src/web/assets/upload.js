// Files are sent one by one, so that each has its own progress and its own outcome.
function send(form, file, line) {
  return new Promise((done) => {
    const [request, body] = [new XMLHttpRequest(), new FormData()];
    for (const name of ["deal", "account"]) body.set(name, form.elements[name].value);
    body.set("file", file, file.name);
    request.upload.addEventListener("progress", (event) => {
      line.querySelector("progress").value = event.loaded / event.total;
    });
    request.addEventListener("loadend", () => {
      const fresh = new DOMParser().parseFromString(request.responseText, "text/html");
      const outcome = fresh.querySelector(".outcomes li");
      if (outcome) {
        line.replaceWith(outcome);
      } else {
        line.className = "bad";
        const ended = request.responseURL && new URL(request.responseURL).pathname === "/sign-in";
        const unheard = ended ? "your session has ended; sign in and add it again" : "the service did not answer; try again";
        const why = fresh.querySelector("#trouble")?.textContent ?? unheard;
        line.querySelector("span").textContent = why;
        line.querySelector("progress").remove();
      }
      done();
    });
    request.open("POST", form.action);
    request.send(body);
  });
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form.upload");
  if (!form) return;
  event.preventDefault();
  const list = document.querySelector(".outcomes");
  const files = [...form.elements.file.files];
  const lines = files.map((file) => {
    const line = document.createElement("li");
    const [name, what, progress] = ["b", "span", "progress"].map((tag) => document.createElement(tag));
    name.textContent = file.name;
    what.textContent = "is sent";
    progress.max = 1;
    progress.value = 0;
    progress.ariaLabel = `${file.name}, sent`;
    line.append(name, " ", what, " ", progress);
    return line;
  });
  list.prepend(...lines);
  form.elements.file.value = "";
  for (const [at, file] of files.entries()) await send(form, file, lines[at]);
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
