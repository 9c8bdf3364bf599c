// A force-directed layout (Fruchterman and Reingold 1991, with the velocities and cooling of
// Verlet-style simulations): nodes repel, edges pull, all drift to the middle.

const REPULSION = 9000;
const SPRING = 0.06;
const LENGTH = 130;
const GRAVITY = 0.012;
const FRICTION = 0.6;

export class Layout {
  /** Nodes are `{x, y, pinned}`; edges `{from, to}` hold nodes. */
  constructor() {
    this.nodes = [];
    this.edges = [];
    this.heat = 0;
  }

  /** Takes new nodes and edges; a node without place starts beside `near`, on a spiral. */
  set(nodes, edges, near) {
    this.edges = edges;
    let fresh = 0;
    for (const node of nodes) {
      if (node.x !== undefined) continue;
      const angle = fresh * 2.399963; // The golden angle: no two directions meet.
      const radius = 30 + 14 * Math.sqrt(fresh);
      node.x = (near?.x ?? 0) + radius * Math.cos(angle);
      node.y = (near?.y ?? 0) + radius * Math.sin(angle);
      node.vx = 0;
      node.vy = 0;
      fresh += 1;
    }
    this.nodes = nodes;
    this.heat = 1;
  }

  /** One step; false when the layout has come to rest. */
  step() {
    if (this.heat < 0.02) return false;
    const { nodes, edges, heat } = this;
    for (let i = 0; i < nodes.length; i += 1) {
      const a = nodes[i];
      for (let j = i + 1; j < nodes.length; j += 1) {
        const b = nodes[j];
        let dx = a.x - b.x;
        let dy = a.y - b.y;
        if (dx === 0 && dy === 0) dx = 0.1 * (i - j);
        const square = dx * dx + dy * dy;
        if (square > 360000) continue;
        const force = REPULSION / (square * Math.sqrt(square) + 400);
        a.vx += dx * force;
        a.vy += dy * force;
        b.vx -= dx * force;
        b.vy -= dy * force;
      }
    }
    for (const { from, to } of edges) {
      const dx = to.x - from.x;
      const dy = to.y - from.y;
      const distance = Math.hypot(dx, dy) || 1;
      const force = (SPRING * (distance - LENGTH)) / distance / Math.sqrt(Math.min(from.degree, to.degree) || 1);
      from.vx += dx * force;
      from.vy += dy * force;
      to.vx -= dx * force;
      to.vy -= dy * force;
    }
    for (const node of nodes) {
      node.vx = (node.vx - node.x * GRAVITY) * FRICTION;
      node.vy = (node.vy - node.y * GRAVITY) * FRICTION;
      if (node.pinned) continue;
      const speed = Math.hypot(node.vx, node.vy);
      const limit = Math.min(1, (60 * heat) / (speed || 1));
      node.x += node.vx * limit;
      node.y += node.vy * limit;
    }
    this.heat *= 0.988;
    return true;
  }
}
