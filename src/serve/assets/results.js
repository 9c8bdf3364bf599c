// Results of a query as a table, a chart or a graph.
import { base, element, language, pageOf, say, svg } from "./common.js";

const RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label";
const ROWS = 500;

/** Reads SPARQL JSON results, or N-Triples of a CONSTRUCT, as `{columns, rows}` of terms. */
export function read(text, type) {
  if (type.includes("json")) {
    const { head, results, boolean } = JSON.parse(text);
    if (boolean !== undefined) return { columns: ["ASK"], rows: [{ ASK: { type: "literal", value: String(boolean) } }] };
    return { columns: head.vars, rows: results.bindings };
  }
  const triple = /^(<[^>]*>|_:\S+) (<[^>]*>) (<[^>]*>|_:\S+|"(?:[^"\\]|\\.)*")(?:@\S+|\^\^<[^>]*>)? \.$/gm;
  const term = (written) =>
    written.startsWith("<") ? { type: "uri", value: written.slice(1, -1) }
      : written.startsWith('"') ? { type: "literal", value: JSON.parse(written.replace(/\\U(\w{8})/g, (_, hex) => String.fromCodePoint(parseInt(hex, 16))).replace(/\\'/g, "'")) }
        : { type: "bnode", value: written };
  const rows = [...text.matchAll(triple)].map(([, subject, predicate, object]) => ({ subject: term(subject), predicate: term(predicate), object: term(object) }));
  return { columns: ["subject", "predicate", "object"], rows };
}

const prefixes = Object.entries(JSON.parse(document.getElementById("prefixes")?.textContent ?? "{}"));

/** A short form of an IRI: its last part, behind the prefix of its vocabulary. */
function short(iri) {
  if (iri.startsWith(base)) return decodeURIComponent(iri.slice(base.length).replace(/^release\/.*\/(?=.)/, ""));
  const known = prefixes.find(([, start]) => iri.startsWith(start));
  return decodeURIComponent(known ? `${known[0]}:${iri.slice(known[1].length)}` : iri.replace(/^https?:\/\/[^#]*[/#](?=[^/#]+$)/, "…"));
}

function shown(term) {
  if (!term) return "";
  if (term.type !== "uri") return term.value;
  let label = term.value;
  try { label = short(term.value); } catch { /* not percent-encoded UTF-8: as it is */ }
  if (term.value.startsWith(base)) return element("a", { href: pageOf(term.value), title: term.value }, label);
  return element("span", { title: term.value }, label);
}

/** A table of the first rows. */
export function table({ columns, rows }) {
  const body = rows.slice(0, ROWS).map((row) => element("tr", {}, ...columns.map((column) => element("td", {}, shown(row[column])))));
  const head = element("tr", {}, ...columns.map((column) => element("th", { scope: "col" }, column)));
  const drawn = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("Résultats", "Results") },
    element("table", {}, element("thead", {}, head), element("tbody", {}, ...body)));
  const more = rows.length - body.length;
  const note = more > 0 ? element("p", { class: "soft" }, say(`${more} lignes de plus dans l’export.`, `${more} more rows in the export.`)) : null;
  return element("div", {}, drawn, note);
}

const isNumber = (term) => term && term.type !== "uri" && term.value !== "" && Number.isFinite(Number(term.value));

/** Bars of the first column of numbers, named by the first other column; null when there is none. */
export function chart({ columns, rows }) {
  const used = rows.slice(0, 40);
  const number = columns.find((column) => used.length > 0 && used.every((row) => !row[column] || isNumber(row[column])) && used.some((row) => row[column]));
  const name = columns.find((column) => column !== number);
  if (!number) return null;
  const values = used.map((row) => Number(row[number]?.value ?? 0));
  const largest = Math.max(...values, 0) || 1;
  // As wide as there is room, so that the words keep their size: names, bars, then the numbers.
  const room = document.querySelector("main")?.clientWidth ?? 752;
  const wide = Math.min(Math.max(room - 32, 288), 960);
  const split = Math.round(wide * 0.42);
  const most = Math.floor(split / 7.5);
  const height = 24 * used.length + 8;
  const bars = used.flatMap((row, index) => {
    const label = svg("text", { x: split - 8, y: 24 * index + 18, "text-anchor": "end" });
    const written = name && row[name] ? (row[name].type === "uri" ? short(row[name].value) : row[name].value) : String(index + 1);
    label.textContent = written.length > most ? written.slice(0, most - 1) + "…" : written;
    const width = Math.max(0, (values[index] / largest) * (wide - split - 72));
    const value = svg("text", { x: split + 6 + width, y: 24 * index + 18 });
    value.textContent = values[index].toLocaleString(language);
    return [label, svg("rect", { x: split, y: 24 * index + 5, width, height: 17 }), value];
  });
  return svg("svg", { class: "chart", width: wide, height, viewBox: `0 0 ${wide} ${height}`, role: "img", "aria-label": say(`Diagramme de ${number}`, `Chart of ${number}`) }, ...bars);
}

/** Nodes and edges of the results: triples of a CONSTRUCT, or each row's things in their order. */
export function graph({ columns, rows }) {
  const nodes = new Map();
  const edges = [];
  const node = (term, label) => {
    const iri = term.type === "uri" ? term.value : `literal:${term.value}`;
    const kind = iri.startsWith(base) ? iri.slice(base.length).split("/")[0] : "literal";
    if (!nodes.has(iri)) nodes.set(iri, { iri, label: label ?? (term.type === "uri" ? short(iri) : term.value), kind, kindLabel: kind });
    return iri;
  };
  const isTriple = columns.join() === "subject,predicate,object";
  for (const row of rows.slice(0, 1000)) {
    if (isTriple) {
      if (row.predicate.value === RDFS_LABEL || row.object.type !== "uri") continue;
      edges.push({ from: node(row.subject), to: node(row.object), relation: row.predicate.value, label: short(row.predicate.value), status: "current" });
      continue;
    }
    const things = columns.filter((column) => row[column]?.type === "uri");
    const used = things.length > 1 ? things : columns.filter((column) => row[column]);
    for (let at = 1; at < used.length; at += 1) {
      edges.push({ from: node(row[used[at - 1]]), to: node(row[used[at]]), relation: used[at], label: used[at], status: "current" });
    }
  }
  return { nodes: [...nodes.values()], edges };
}
