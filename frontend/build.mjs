// Bundles what bundles.json lists: node build.mjs ROOT, where ROOT is the folder that the targets are relative to.
// Beside each bundle stands NAME.LICENSE.txt with the licences of the packages that went into it.
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";

const root = path.resolve(process.argv[2] ?? "..");
const bundles = JSON.parse(await readFile("bundles.json", "utf8"));

for (const { source, global, target } of bundles) {
  const outfile = path.join(root, target);
  await mkdir(path.dirname(outfile), { recursive: true });
  const result = await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    minify: true,
    format: "iife",
    globalName: global,
    target: "es2021",
    charset: "ascii",
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  });
  const packages = new Set(Object.keys(result.metafile.inputs).map(packageOf).filter(Boolean));
  const notices = await Promise.all([...packages].sort().map(notice));
  await writeFile(`${outfile}.LICENSE.txt`, notices.join("\n"));
  // Pages carry bundles away from their licences, so who made what goes along.
  const heads = notices.map((text) => [text.split("\n", 1)[0], ...new Set(text.match(/^ *Copyright \(c\).*$/gim))].join(" - "));
  await writeFile(outfile, `/*!\n${heads.join("\n")}\n*/\n${await readFile(outfile, "utf8")}`);
}

function packageOf(input) {
  const found = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
  return found?.[1];
}

async function notice(name) {
  const folder = path.join("node_modules", name);
  const { version, license } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice)/i.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), "utf8")));
  return [`${name} ${version} (${license})`, "", ...texts].join("\n");
}
