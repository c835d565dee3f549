// Everything works without this file. It completes what is typed and shows the print button.
const WAIT_MS = 200;

function complete(form) {
  const input = form.elements.words;
  const list = document.getElementById(input.getAttribute("list"));
  let timer, last = "";
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => ask(input.value), WAIT_MS);
  });

  async function ask(words) {
    if (words.trim().length < 2 || words === last) return;
    last = words;
    // posted, so that what is typed stands in no address and no log
    const answer = await fetch("/search/suggestions", { method: "POST", body: new URLSearchParams({ words }) }).catch(() => null);
    if (!answer?.ok || input.value !== words) return;
    const { items } = await answer.json();
    list.replaceChildren(...items.map((one) => Object.assign(document.createElement("option"), { value: one.text, label: `${one.text} (${one.what})` })));
  }
}

for (const form of document.querySelectorAll("form[data-search]")) complete(form);

for (const print of document.querySelectorAll("[data-print]")) {
  print.hidden = false;
  print.querySelector("button").addEventListener("click", () => window.print());
}
