// The graph view: explore from an entity; expand, filter by relation and date, pin, export.
import { announce, download, element, language, pageOf, say, svg } from "./common.js";
import { Layout } from "./layout.js";

/** Whether there is little room beside the nodes: names are shorter then, so that they can be read. */
const isNarrow = () => window.innerWidth < 600;

const COLOURS = {
  person: "#cfe4ff", organization: "#d7f2d0", place: "#ffe2cc", site: "#f9d9e6",
  product: "#e6dcfb", program: "#d2f0f0", event: "#f5edb5", release: "#ffffff",
};
const LIMIT = 500;

export class GraphView {
  constructor(canvas, controls) {
    this.canvas = canvas;
    this.controls = controls;
    this.nodes = new Map();
    this.edges = new Map();
    this.hidden = new Set();
    this.layout = new Layout();
    this.view = { x: 0, y: 0, scale: 1 };
    this.edgeLayer = svg("g");
    this.nodeLayer = svg("g");
    canvas.replaceChildren(this.edgeLayer, this.nodeLayer);
    this.frame = this.frame.bind(this);
    this.listen();
    new ResizeObserver(() => this.frameViewBox()).observe(canvas);
  }

  /** Adds what the server knows around `iri`. */
  async expand(iri) {
    const answer = await fetch(`/api/graph?lang=${language}&iri=${encodeURIComponent(iri)}`);
    if (!answer.ok) return announce(say("Impossible de développer ce nœud.", "This node cannot be expanded."));
    const { nodes, edges } = await answer.json();
    this.add(nodes, edges, iri);
    const centre = this.nodes.get(iri);
    if (centre) centre.expanded = true;
  }

  /** Adds nodes and edges, up to the limit of 500 nodes. */
  add(nodes, edges, around) {
    let left = 0;
    for (const node of nodes) {
      if (this.nodes.has(node.iri)) continue;
      if (this.nodes.size >= LIMIT) left += 1;
      else this.nodes.set(node.iri, { ...node, degree: 0, pinned: false });
    }
    for (const edge of edges) {
      const from = this.nodes.get(edge.from);
      const to = this.nodes.get(edge.to);
      const key = `${edge.from} ${edge.relation} ${edge.to}`;
      if (from && to && from !== to && !this.edges.has(key)) this.edges.set(key, { ...edge, from, to });
    }
    this.status(left);
    this.rebuild(this.nodes.get(around));
  }

  status(left) {
    const text = say(`${this.nodes.size} nœuds, ${this.edges.size} liens.`, `${this.nodes.size} nodes, ${this.edges.size} links.`);
    const more = left > 0 ? say(` ${left} de plus ne sont pas montrés.`, ` ${left} more are not shown.`) : "";
    this.controls.status.textContent = text + more;
  }

  /** What the filters let through. */
  visible() {
    const { from, to } = this.controls;
    const inTime = (date) => (!from.value || (date && date >= from.value)) && (!to.value || (date && date.slice(0, to.value.length) <= to.value));
    const edges = [...this.edges.values()].filter((edge) => !this.hidden.has(edge.relation) && inTime(edge.date));
    const kept = new Set(edges.flatMap((edge) => [edge.from, edge.to]));
    const nodes = [...this.nodes.values()].filter((node) => kept.has(node) || node.pinned || node.root);
    return { nodes, edges };
  }

  rebuild(near) {
    const { nodes, edges } = this.visible();
    for (const node of nodes) node.degree = 0;
    for (const edge of edges) {
      edge.from.degree += 1;
      edge.to.degree += 1;
    }
    this.edgeLayer.replaceChildren(...edges.map((edge) => this.drawEdge(edge)));
    const focused = document.activeElement?.dataset?.iri;
    this.nodeLayer.replaceChildren(...nodes.map((node) => (node.shape ??= this.drawNode(node))));
    if (focused) this.nodes.get(focused)?.shape?.focus();
    this.layout.set(nodes, edges, near);
    this.relations();
    this.table(edges);
    if (!this.running) requestAnimationFrame(this.frame);
    this.running = true;
  }

  drawEdge(edge) {
    const title = svg("title");
    title.textContent = `${edge.from.label} — ${edge.label} — ${edge.to.label}${edge.date ? ` (${edge.date})` : ""}`;
    edge.shape = svg("line", { stroke: edge.status === "former" ? "#9aa3b3" : "#5a6478", "stroke-width": 1.5,
      "stroke-dasharray": edge.status === "current" ? "" : "5 4" }, title);
    return edge.shape;
  }

  drawNode(node) {
    const title = svg("title");
    title.textContent = `${node.label} (${node.kindLabel})`;
    const most = isNarrow() ? 14 : 26;
    const short = node.label.length > most ? node.label.slice(0, most - 1) + "…" : node.label;
    // The spoken name holds what is seen (WCAG 2.5.3).
    const spoken = short === node.label ? title.textContent : `${short} ${title.textContent}`;
    const text = svg("text", { x: 12, y: 4, "font-size": 12, fill: "#1c2330", stroke: "#ffffff", "stroke-width": 3, "paint-order": "stroke" });
    text.textContent = short;
    const circle = svg("circle", { r: node.root ? 11 : 8, fill: COLOURS[node.kind] ?? "#ffffff", stroke: "#1c2330" });
    const group = svg("g", { tabindex: "0", role: "button", "aria-label": spoken, "data-iri": node.iri }, title, circle, text);
    node.circle = circle;
    node.text = text;
    return group;
  }

  /** Turns names away from what their nodes are linked to, so that they lie neither on links nor on each other. */
  turnNames() {
    const beside = new Map(this.layout.nodes.map((node) => [node, { sum: 0, count: 0 }]));
    for (const { from, to } of this.layout.edges) {
      for (const [node, other] of [[from, to], [to, from]]) {
        const entry = beside.get(node);
        if (entry) { entry.sum += other.x; entry.count += 1; }
      }
    }
    for (const [node, { sum, count }] of beside) {
      const left = !node.root && count > 0 && node.x < sum / count - 10;
      node.text.setAttribute("text-anchor", left ? "end" : "start");
      node.text.setAttribute("x", left ? -12 : 12);
    }
  }

  pin(node, pinned) {
    node.pinned = pinned;
    node.circle.setAttribute("stroke-width", pinned ? 3.5 : 1);
    announce(pinned ? say("épinglé", "pinned") : say("libéré", "released"));
    this.layout.heat = Math.max(this.layout.heat, 0.3);
    if (!this.running) requestAnimationFrame(this.frame);
    this.running = true;
  }

  frame() {
    const moving = this.layout.step();
    for (const { shape, from, to } of this.layout.edges) {
      shape.setAttribute("x1", from.x.toFixed(1));
      shape.setAttribute("y1", from.y.toFixed(1));
      shape.setAttribute("x2", to.x.toFixed(1));
      shape.setAttribute("y2", to.y.toFixed(1));
    }
    for (const node of this.layout.nodes) node.shape.setAttribute("transform", `translate(${node.x.toFixed(1)} ${node.y.toFixed(1)})`);
    if (moving) requestAnimationFrame(this.frame);
    else {
      this.running = false;
      this.turnNames();
    }
  }

  frameViewBox() {
    const { width, height } = this.canvas.getBoundingClientRect();
    const { x, y, scale } = this.view;
    this.canvas.setAttribute("viewBox", `${x - width / 2 / scale} ${y - height / 2 / scale} ${Math.max(1, width / scale)} ${Math.max(1, height / scale)}`);
  }

  zoom(factor) {
    this.view.scale = Math.min(4, Math.max(0.1, this.view.scale * factor));
    this.frameViewBox();
  }

  /** Shows everything. */
  fit() {
    const xs = this.layout.nodes.map((node) => node.x);
    const ys = this.layout.nodes.map((node) => node.y);
    if (xs.length === 0) return;
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const { width, height } = this.canvas.getBoundingClientRect();
    this.view = { x: (left + right) / 2, y: (top + bottom) / 2, scale: Math.min(1.5, width / (right - left + (isNarrow() ? 180 : 300)), height / (bottom - top + 80)) };
    this.frameViewBox();
  }

  relations() {
    const counts = new Map();
    for (const { relation, label } of this.edges.values()) {
      const entry = counts.get(relation) ?? { label, count: 0 };
      entry.count += 1;
      counts.set(relation, entry);
    }
    this.controls.relations.replaceChildren(...[...counts].sort(([a], [b]) => a.localeCompare(b)).map(([relation, { label, count }]) => {
      const box = element("input", { type: "checkbox", checked: !this.hidden.has(relation), "data-relation": relation });
      box.addEventListener("change", () => {
        if (box.checked) this.hidden.delete(relation);
        else this.hidden.add(relation);
        this.rebuild();
        this.controls.relations.querySelector(`[data-relation="${CSS.escape(relation)}"]`)?.focus();
      });
      return element("label", { class: "inline" }, box, ` ${label} (${count})`);
    }));
  }

  /** The same links as a table, for who does not see the drawing. */
  table(edges) {
    this.controls.table.replaceChildren(...edges.slice(0, 200).map((edge) => element("tr", {},
      element("td", {}, element("a", { href: pageOf(edge.from.iri) }, edge.from.label)),
      element("td", {}, edge.label),
      element("td", {}, element("a", { href: pageOf(edge.to.iri) }, edge.to.label)),
      element("td", {}, edge.date ?? ""))));
  }

  nodeOf(target) {
    const shape = target.closest?.("[data-iri]");
    return shape ? this.nodes.get(shape.dataset.iri) : undefined;
  }

  listen() {
    const { canvas } = this;
    let drag;
    canvas.addEventListener("pointerdown", (event) => {
      drag = { node: this.nodeOf(event.target), x: event.clientX, y: event.clientY, moved: false };
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!drag) return;
      const dx = (event.clientX - drag.x) / this.view.scale;
      const dy = (event.clientY - drag.y) / this.view.scale;
      if (!drag.moved && Math.hypot(dx, dy) * this.view.scale < 4) return;
      drag.moved = true;
      Object.assign(drag, { x: event.clientX, y: event.clientY });
      if (drag.node) {
        drag.node.x += dx;
        drag.node.y += dy;
        if (!drag.node.pinned) this.pin(drag.node, true);
        this.layout.heat = Math.max(this.layout.heat, 0.2);
      } else {
        this.view.x -= dx;
        this.view.y -= dy;
        this.frameViewBox();
      }
    });
    const release = () => { drag = undefined; };
    canvas.addEventListener("pointerup", (event) => {
      if (drag?.node && !drag.moved) this.select(drag.node);
      release(event);
    });
    canvas.addEventListener("pointercancel", release);
    canvas.addEventListener("dblclick", (event) => {
      const node = document.elementsFromPoint(event.clientX, event.clientY).map((at) => this.nodeOf(at)).find(Boolean);
      if (node) this.expand(node.iri);
    });
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15);
    }, { passive: false });
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("focusin", (event) => {
      const node = this.nodeOf(event.target);
      if (node) this.select(node);
    });
  }

  select(node) {
    this.selected?.circle.setAttribute("fill", COLOURS[this.selected.kind] ?? "#ffffff");
    this.selected = node;
    node.circle.setAttribute("fill", "#ffb020");
    const { selection } = this.controls;
    selection.hidden = false;
    selection.querySelector("[data-name]").textContent = `${node.label} (${node.kindLabel})`;
    selection.querySelector("[data-open]").href = pageOf(node.iri);
  }

  key(event) {
    const node = this.nodeOf(event.target);
    const directions = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (node && event.key === "Enter") this.expand(node.iri);
    else if (node && (event.key === "p" || event.key === " ")) this.pin(node, !node.pinned);
    else if (node && directions[event.key]) this.nearest(node, directions[event.key])?.shape.focus();
    else if (event.key === "+") this.zoom(1.25);
    else if (event.key === "-") this.zoom(0.8);
    else if (event.key === "0") this.fit();
    else return;
    event.preventDefault();
  }

  /** The node to go to from `node` in a direction: near, and not too far aside. */
  nearest(node, [right, down]) {
    const cost = (other) => {
      const along = (other.x - node.x) * right + (other.y - node.y) * down;
      const aside = Math.abs((other.x - node.x) * down) + Math.abs((other.y - node.y) * right);
      return along <= 0 ? Infinity : along + 2 * aside;
    };
    return this.layout.nodes.filter((other) => other !== node && cost(other) < Infinity).sort((a, b) => cost(a) - cost(b))[0];
  }

  /** The drawing as an SVG document of its own. */
  svgText() {
    this.fit();
    const copy = this.canvas.cloneNode(true);
    const { width, height } = this.canvas.getBoundingClientRect();
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copy.setAttribute("width", width);
    copy.setAttribute("height", height);
    copy.setAttribute("font-family", "sans-serif");
    copy.removeAttribute("id");
    return new XMLSerializer().serializeToString(copy);
  }

  exportSvg() {
    download("pressgraph.svg", this.svgText(), "image/svg+xml");
  }

  async exportPng() {
    const image = new Image();
    const url = URL.createObjectURL(new Blob([this.svgText()], { type: "image/svg+xml" }));
    image.src = url;
    await image.decode();
    const { width, height } = this.canvas.getBoundingClientRect();
    const surface = element("canvas", { width: 2 * width, height: 2 * height });
    const pen = surface.getContext("2d");
    pen.fillStyle = "#ffffff";
    pen.fillRect(0, 0, surface.width, surface.height);
    pen.drawImage(image, 0, 0, surface.width, surface.height);
    URL.revokeObjectURL(url);
    surface.toBlob((blob) => download("pressgraph.png", blob, "image/png"));
  }
}

/** Sets up the view and its controls within `root`; returns it. */
export function graphIn(root) {
  const find = (name) => root.querySelector(`[data-graph=${name}]`);
  const view = new GraphView(root.querySelector("svg"), {
    status: find("status"), relations: find("relations"), from: find("from"), to: find("to"),
    table: find("table"), selection: find("selection"),
  });
  find("from").addEventListener("change", () => view.rebuild());
  find("to").addEventListener("change", () => view.rebuild());
  find("svg").addEventListener("click", () => view.exportSvg());
  find("png").addEventListener("click", () => view.exportPng());
  find("fit").addEventListener("click", () => view.fit());
  find("in").addEventListener("click", () => view.zoom(1.25));
  find("out").addEventListener("click", () => view.zoom(0.8));
  find("expand").addEventListener("click", () => view.selected && view.expand(view.selected.iri));
  find("pin").addEventListener("click", () => view.selected && view.pin(view.selected, !view.selected.pinned));
  view.frameViewBox();
  return view;
}
