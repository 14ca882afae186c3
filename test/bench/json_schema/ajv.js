// See the script ajv beside this.
const fs = require('fs');
const install = require('module').createRequire(process.cwd() + '/');
const Ajv = install('ajv/dist/2020').default;
const addFormats = install('ajv-formats').default;

const ajv = new Ajv();
addFormats(ajv);
const validate = ajv.compile(JSON.parse(fs.readFileSync('schema.json', 'utf8')));
const lines = fs.readFileSync('documents.jsonl', 'utf8').trimEnd().split('\n');
const documents = lines.map((line) => JSON.parse(line));

function report(name, work, inputs) {
  for (let round = 0; round < 600; round++) {
    const started = process.hrtime.bigint();
    const passed = inputs.reduce((count, input) => count + (work(input) ? 1 : 0), 0);
    const us = Number(process.hrtime.bigint() - started) / 1000 / inputs.length;
    if (passed !== inputs.length) throw new Error(`${name}: ${passed} passed`);
    console.log(`${name},${us}`);
  }
}

report('ajv', validate, documents);
report('ajv with JSON.parse', (line) => validate(JSON.parse(line)), lines);
