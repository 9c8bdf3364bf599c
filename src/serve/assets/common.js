// What the scripts of the page share: the language, elements, links to the pages of IRIs.

/** The language of the page, `fr` or `en`. */
export const language = document.documentElement.lang;

/** Whichever of the two is in the language of the page. */
export const say = (french, english) => (language === "en" ? english : french);

/** The base IRI under which the server's things are named. */
export const base = document.documentElement.dataset.base;

/** An element with attributes and children; strings become text, never markup. */
export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  fill(node, attributes);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** The same for SVG. */
export function svg(name, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  fill(node, attributes);
  node.append(...children);
  return node;
}

function fill(node, attributes) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
}

/** Where the page of an IRI is: its own path under the base, else the page for any IRI. */
export function pageOf(iri) {
  if (iri.startsWith(base) && !iri.includes("#")) return "/" + iri.slice(base.length);
  return "/resource?iri=" + encodeURIComponent(iri);
}

/** Offers `content` (a string or blob) as a download. */
export function download(name, content, type) {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const link = element("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** Text put to a live region, which screen readers speak. */
export function announce(text) {
  const region = document.getElementById("live");
  if (region) region.textContent = text;
}

/** Calls `action` once no call has come for `wait` milliseconds. */
export function debounce(wait, action) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...values), wait);
  };
}
