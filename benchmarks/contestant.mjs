// The renderers from npm, one in a process of its own: node contestant.mjs NAME TEMPLATE VALUES.json FOLDER
// Prints the same as contestant.py.
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const [name, template, values, folder] = process.argv.slice(2);

const jobs = {
  docxtemplater() {
    const Docxtemplater = require("docxtemplater");
    const PizZip = require("pizzip");
    return (content, context) => {
      const document = new Docxtemplater(new PizZip(content), { paragraphLoop: true, linebreaks: true });
      document.render(context);
      return document.getZip().generate({ type: "nodebuffer", compression: "DEFLATE" });
    };
  },
  "easy-template-x"() {
    const { TemplateHandler } = require("easy-template-x");
    const handler = new TemplateHandler();
    return (content, context) => handler.process(content, context);
  },
  carbone() {
    const carbone = require("carbone");
    return (_, context) =>
      new Promise((resolve, reject) =>
        carbone.render(template, context, (error, made) => (error ? reject(error) : resolve(made))),
      );
  },
};

const render = jobs[name]();
const contexts = JSON.parse(fs.readFileSync(values, "utf8"));
const kilobytes = (field) => Number(fs.readFileSync("/proc/self/status", "utf8").match(`${field}:\\s*(\\d+)`)[1]);
const before = kilobytes("VmRSS");
const started = performance.now();
const content = fs.readFileSync(template);
for (const [number, context] of contexts.entries()) {
  fs.writeFileSync(path.join(folder, `${number}.docx`), await render(content, context));
}
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ seconds, memory: (kilobytes("VmHWM") - before) / 1024 }));
process.exit(0);
