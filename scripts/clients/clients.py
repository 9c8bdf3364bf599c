"""SPARQLWrapper and rdflib's SPARQLStore against a server; the argument is its address."""

import sys

from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, POST, TSV, TURTLE, XML, SPARQLWrapper

url = sys.argv[1] + "/sparql"
PREFIX = "PREFIX pg: <https://w3id.org/pressgraph/ns#> PREFIX dct: <http://purl.org/dc/terms/> "
SELECT = PREFIX + "SELECT ?release ?title WHERE { ?release a pg:PressRelease ; dct:title ?title } ORDER BY ?release"

print("SPARQLWrapper")
client = SPARQLWrapper(url)
client.setQuery(SELECT)
client.setReturnFormat(JSON)
rows = client.query().convert()["results"]["bindings"]
assert len(rows) >= 8, rows
print("  JSON", len(rows), "rows")
client.setReturnFormat(XML)
assert len(client.query().convert().getElementsByTagName("result")) == len(rows)
print("  XML agrees")
for form in (CSV, TSV):
    client.setReturnFormat(form)
    assert len(client.query().convert().decode().strip().splitlines()) == len(rows) + 1
    print(" ", form.upper(), "agrees")
client.setMethod(POST)
client.setReturnFormat(JSON)
assert len(client.query().convert()["results"]["bindings"]) == len(rows)
print("  POST agrees")
client.setQuery(PREFIX + "CONSTRUCT WHERE { ?release dct:title ?title }")
client.setReturnFormat(TURTLE)
graph = Graph().parse(data=client.query().convert(), format="turtle")
assert len(graph) == len(rows), len(graph)
print("  CONSTRUCT", len(graph), "triples")
client.setQuery(PREFIX + "ASK { ?release a pg:PressRelease }")
client.setReturnFormat(JSON)
assert client.query().convert()["boolean"] is True
print("  ASK true")

print("rdflib SPARQLStore")
store = Graph(SPARQLStore(url))
assert len(list(store.query(SELECT))) == len(rows)
titles = list(store.triples((None, URIRef("http://purl.org/dc/terms/title"), None)))
assert len(titles) == len(rows), len(titles)
print("  query and triples agree:", len(titles))

print("rdflib over linked data")
release = rows[0]["release"]["value"]
document = sys.argv[1] + "/" + release.split("/", 3)[3]
described = Graph().parse(document)
assert (URIRef(release), URIRef("http://purl.org/dc/terms/title"), None) in described
print("  ", document, len(described), "triples")
