// The SPARQL page: the editor, named queries with forms, results as table, chart or graph.
import { announce, download, element, language, say } from "./common.js";
import { graphIn } from "./graph.js";
import { chart, graph, read, table } from "./results.js";

const root = document.getElementById("sparql");
const output = document.getElementById("output");
const state = document.getElementById("state");
const prefixes = JSON.parse(document.getElementById("prefixes").textContent);
const words = JSON.parse(document.getElementById("vocabulary").textContent);
const field = document.getElementById("query");
const drawing = document.getElementById("graph-view");
let editor = { getValue: () => field.value, setValue: (value) => { field.value = value; } };
let results;
let view = "table";
let running;

/** Puts YASQE in place of the plain field, with completion of prefixes and of our vocabulary. */
async function enhance() {
  const { default: Yasqe } = await import("./yasqe/yasqe.js");
  const complete = (name, kind) =>
    Yasqe.registerAutocompleter({
      ...Yasqe.Autocompleters[name], name: `own-${name}`, persistenceId: null, bulk: true,
      get: () => words[kind],
    });
  Yasqe.registerAutocompleter({ ...Yasqe.Autocompleters.prefixes, name: "own-prefixes", persistenceId: null, bulk: true,
    get: () => Object.entries(prefixes).map(([name, iri]) => `${name}: <${iri}>`) });
  complete("class", "classes");
  complete("property", "properties");
  const place = document.getElementById("editor");
  const yasqe = new Yasqe(place, {
    value: field.value, persistenceId: null, showQueryButton: false, resizeable: false, createShareableLink: null, consumeShareLink: null, pluginButtons: undefined,
    prefixCcApi: null, autocompleters: ["own-prefixes", "own-class", "own-property", "variables"], requestConfig: { endpoint: "/sparql" },
    // Tab leaves the editor, as WCAG 2.1.2 asks; Ctrl-Space completes, Ctrl-Enter runs.
    extraKeys: { "Ctrl-Enter": () => run(), "Ctrl-Space": (instance) => instance.autocomplete(), Tab: false, "Shift-Tab": false, "Ctrl-/": (i) => i.commentLines(), F11: false },
    lineWrapping: true, editorHeight: "18rem",
  });
  yasqe.getInputField().setAttribute("aria-label", say("Requête SPARQL", "SPARQL query"));
  yasqe.getInputField().setAttribute("aria-describedby", "editor-help");
  // What scrolls must be reachable by the keyboard.
  place.querySelector(".CodeMirror-scroll").tabIndex = 0;
  field.closest("[data-plain]").hidden = true;
  editor = yasqe;
  root.dataset.ready = "yes";
}

async function run() {
  running?.abort();
  running = new AbortController();
  state.className = "soft";
  state.textContent = say("Requête en cours…", "Running…");
  const began = performance.now();
  try {
    const answer = await fetch("/sparql", {
      method: "POST", signal: running.signal, body: editor.getValue(),
      headers: { "Content-Type": "application/sparql-query", Accept: "application/sparql-results+json, application/n-triples;q=0.9" },
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text.trim());
    results = read(text, answer.headers.get("Content-Type") ?? "");
    const seconds = ((performance.now() - began) / 1000).toLocaleString(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    state.textContent = results.rows.length === 1 ? say(`1 ligne en ${seconds} s`, `1 row in ${seconds} s`)
      : say(`${results.rows.length.toLocaleString(language)} lignes en ${seconds} s`, `${results.rows.length.toLocaleString(language)} rows in ${seconds} s`);
    announce(state.textContent);
    show();
  } catch (error) {
    if (error.name === "AbortError") return;
    results = undefined;
    state.className = "notice error";
    state.textContent = error.message;
    output.replaceChildren();
    drawing.hidden = true;
  }
}

function show() {
  for (const button of document.querySelectorAll("[data-view]")) button.setAttribute("aria-pressed", String(button.dataset.view === view));
  drawing.hidden = view !== "graph" || !results;
  output.hidden = view === "graph";
  if (!results) return;
  if (view === "table") output.replaceChildren(table(results));
  if (view === "chart") output.replaceChildren(chart(results) ?? element("p", {}, say("Aucune colonne de nombres.", "No column of numbers.")));
  if (view === "graph") {
    const drawn = graphIn(drawing);
    const { nodes, edges } = graph(results);
    drawn.add(nodes, edges);
    setTimeout(() => drawn.fit(), 600);
  }
}

async function exportCsv() {
  const answer = await fetch("/sparql", {
    method: "POST", body: editor.getValue(), headers: { "Content-Type": "application/sparql-query", Accept: "text/csv, application/n-triples;q=0.5" },
  });
  const type = answer.headers.get("Content-Type") ?? "";
  const content = await answer.text();
  if (answer.ok) download(type.includes("csv") ? "pressgraph.csv" : "pressgraph.nt", content, type);
  else {
    state.className = "notice error";
    state.textContent = content.trim();
  }
}

document.getElementById("run").addEventListener("click", (event) => {
  event.preventDefault();
  run();
});
document.getElementById("stop").addEventListener("click", () => {
  running?.abort();
  state.textContent = say("Requête arrêtée.", "Stopped.");
});
document.getElementById("csv").addEventListener("click", exportCsv);
for (const button of document.querySelectorAll("[data-view]")) {
  button.addEventListener("click", () => {
    view = button.dataset.view;
    show();
  });
}
document.getElementById("named")?.addEventListener("change", (event) => event.target.form.requestSubmit());

enhance().catch((error) => console.error(error)).finally(() => {
  if (root.dataset.run) run();
});
