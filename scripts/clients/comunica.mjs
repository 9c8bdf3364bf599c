// Comunica against a server; the argument is its address.
import { QueryEngine } from "@comunica/query-sparql";

const engine = new QueryEngine();
const sources = [{ type: "sparql", value: process.argv[2] + "/sparql" }];
const prefixes = "PREFIX pg: <https://w3id.org/pressgraph/ns#> PREFIX dct: <http://purl.org/dc/terms/> ";
const bindings = await (await engine.queryBindings(prefixes + "SELECT ?r ?t WHERE { ?r a pg:PressRelease ; dct:title ?t }", { sources })).toArray();
if (bindings.length < 8) throw new Error(`only ${bindings.length} rows`);
const quads = await (await engine.queryQuads(prefixes + "CONSTRUCT WHERE { ?r dct:title ?t }", { sources })).toArray();
if (quads.length !== bindings.length) throw new Error(`${quads.length} triples`);
if (!(await engine.queryBoolean(prefixes + "ASK { ?r a pg:PressRelease }", { sources }))) throw new Error("ASK is false");
console.log("Comunica\n  SELECT", bindings.length, "rows, CONSTRUCT", quads.length, "triples, ASK true");
