// The page /graph: the graph view from one entity.
import { graphIn } from "./graph.js";

const root = document.getElementById("graph-view");
const view = graphIn(root);
const start = root.dataset.iri;
if (start) {
  view.expand(start).then(() => {
    const node = view.nodes.get(start);
    if (node) Object.assign(node, { root: true });
    view.rebuild(node);
    setTimeout(() => view.fit(), 600);
  });
}
// For the test that times a frame with 500 nodes.
window.pressgraphView = view;
