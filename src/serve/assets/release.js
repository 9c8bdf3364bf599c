// A release: hovering or focusing a fact lights its words in the text, and the other way round.

const text = document.getElementById("text");
const facts = [...document.querySelectorAll("[data-lights]")];

/** The pieces of text that overlap one of the ranges `start-end`, in code points. */
function pieces(ranges) {
  const wanted = ranges.split(" ").filter(Boolean).map((range) => range.split("-").map(Number));
  return [...text.querySelectorAll("[data-start]")].filter((piece) => {
    const start = Number(piece.dataset.start);
    const end = Number(piece.dataset.end);
    return wanted.some(([from, to]) => start < to && from < end);
  });
}

function light(fact, on) {
  fact.classList.toggle("lit", on);
  for (const piece of pieces(fact.dataset.lights)) piece.classList.toggle("lit", on);
}

for (const fact of facts) {
  fact.addEventListener("mouseenter", () => light(fact, true));
  fact.addEventListener("mouseleave", () => light(fact, false));
  fact.addEventListener("focusin", () => light(fact, true));
  fact.addEventListener("focusout", () => light(fact, false));
}

text?.querySelectorAll("a.name").forEach((name) => {
  const overlap = facts.filter((fact) => pieces(fact.dataset.lights).some((piece) => piece === name || piece.contains(name)));
  const toggle = (on) => overlap.forEach((fact) => fact.classList.toggle("lit", on));
  name.addEventListener("mouseenter", () => toggle(true));
  name.addEventListener("mouseleave", () => toggle(false));
});

// From elsewhere: `#char=START,END` (RFC 5147) lights these words; `#role-1` a fact.
function arrive() {
  const place = decodeURIComponent(location.hash.slice(1));
  const range = /^char=(\d+),(\d+)$/.exec(place);
  const fact = document.getElementById(place);
  if (range) {
    const found = pieces(`${range[1]}-${range[2]}`);
    found.forEach((piece) => piece.classList.add("lit"));
    found[0]?.scrollIntoView({ block: "center" });
  } else if (fact?.dataset.lights !== undefined) {
    light(fact, true);
  }
}
addEventListener("hashchange", arrive);
arrive();
