// Bundles the SPARQL editor YASQE into src/serve/assets/yasqe/ with the licences of all it holds.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const out = "../../src/serve/assets/yasqe";
mkdirSync(out, { recursive: true });

// The 2,500 prefixes of prefix.cc that YASQE brings are of no use here: the server gives its own.
const ownPrefixes = {
  name: "own-prefixes",
  setup: ({ onLoad }) =>
    onLoad({ filter: /yasqe\.esm\.js$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8");
      const start = source.indexOf(" = {\n\tmadsrdf,");
      if (start < 0) throw new Error("YASQE has changed: its list of prefixes was not found");
      const end = source.indexOf("\n}", start) + 2;
      const line = source.lastIndexOf("\n", start);
      // The constants of the list stand on the line before it, each named by its prefix.
      const kept = source.slice(line, start).replace(/ \w+ = "https?:\/\/[^"]*",/g, "");
      return { contents: source.slice(0, line) + kept + " = {}" + source.slice(end), loader: "js" };
    }),
};

await build({
  stdin: { contents: 'export { default } from "@zazuko/yasqe";', resolveDir: "." },
  bundle: true, minify: true, format: "esm", target: "es2022", legalComments: "none",
  outfile: `${out}/yasqe.js`, plugins: [ownPrefixes],
});
await build({ entryPoints: ["node_modules/@zazuko/yasqe/build/yasqe.min.css"], bundle: true, minify: true, outfile: `${out}/yasqe.css`, loader: { ".svg": "dataurl", ".png": "dataurl" } });

const packages = ["@zazuko/yasqe", "codemirror", "dompurify", "lodash-es", "query-string", "decode-uri-component", "filter-obj", "split-on-first", "strict-uri-encode", "store"];
const licences = packages.map((name) => {
  const folder = `node_modules/${name}`;
  if (!existsSync(folder)) throw new Error(`${name} is not installed`);
  const { version, license, author, homepage } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.\w+)?$/i.test(entry));
  const who = typeof author === "object" ? author.name : author;
  const text = file ? readFileSync(`${folder}/${file}`, "utf8").trim() : readFileSync("MIT.txt", "utf8").trim().replace("HOLDER", who);
  return `${name} ${version} (${license}) ${homepage ?? ""}\n\n${text}\n`;
});
writeFileSync(`${out}/LICENCES.txt`, `yasqe.js and yasqe.css are built by scripts/build-web from these npm packages.\n\n${licences.join("\n" + "-".repeat(80) + "\n\n")}`);
