// The preview: a dropped file goes into the form; ingesting sends the release with the token.
import { say } from "./common.js";

const file = document.getElementById("file");
const zone = document.getElementById("preview-form");

zone?.addEventListener("dragover", (event) => event.preventDefault());
zone?.addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer.files.length > 0) file.files = event.dataTransfer.files;
});

const ingest = document.getElementById("ingest-form");
ingest?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const state = document.getElementById("ingest-state");
  const { token, name, text } = ingest.elements;
  state.className = "soft";
  state.textContent = say("Ingestion…", "Ingesting…");
  const answer = await fetch("/releases?name=" + encodeURIComponent(name.value), {
    method: "POST", body: text.value,
    headers: { Authorization: `Bearer ${token.value}`, "Content-Type": "text/plain; charset=utf-8", Accept: "application/json" },
  });
  const said = await answer.text();
  state.className = answer.ok ? "notice" : "notice error";
  state.textContent = answer.ok ? say("Communiqué ajouté au graphe.", "The release is in the graph.") + " " + said : said;
});
