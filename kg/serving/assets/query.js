// The query editor: CodeMirror where it was bundled (KGEditor), else the text area of the page.
// Whatever comes from the graph is put into the page as text, never as markup.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const shown = 1000;
  const formats = {
    table: [["csv", "text/csv", "csv"], ["json", "application/sparql-results+json", "json"],
      ["tsv", "text/tab-separated-values", "tsv"], ["xml", "application/sparql-results+xml", "xml"]],
    graph: [["turtle", "text/turtle", "ttl"], ["ntriples", "application/n-triples", "nt"],
      ["jsonld", "application/ld+json", "jsonld"], ["rdfxml", "application/rdf+xml", "rdf"]],
  };
  const examples = [
    ["Who holds which office?", "SELECT ?person ?office ?body {\n  ?p kg:holdsRole ?role ; rdfs:label ?person .\n  ?role rdfs:label ?office .\n  OPTIONAL { ?role kg:roleIn/rdfs:label ?body }\n}\nORDER BY ?person"],
    ["All facts, each with its sentence", "SELECT ?subject ?property ?object ?sentence ?source {\n  GRAPH ?document {\n    ?statement rdf:subject ?subject ; rdf:predicate ?property ; rdf:object ?object ;\n      kg:status kg:Asserted ; kg:modality kg:Actual ; kg:polarity kg:Positive ;\n      prov:wasDerivedFrom/nif:anchorOf ?sentence .\n    ?document dcterms:source ?source .\n  }\n}\nLIMIT 100"],
    ["What is claimed, and by whom?", "SELECT ?speaker ?subject ?property ?object ?sentence {\n  GRAPH ?document {\n    ?statement kg:status kg:Claimed ; rdf:subject ?subject ; rdf:predicate ?property ; rdf:object ?object ;\n      prov:wasDerivedFrom/nif:anchorOf ?sentence .\n    OPTIONAL { ?statement kg:attributedTo ?speaker }\n  }\n}\nLIMIT 100"],
    ["Which properties are used, and how often?", "SELECT ?property (COUNT(*) AS ?facts) {\n  ?subject ?property ?object\n}\nGROUP BY ?property\nORDER BY DESC(?facts)"],
    ["Facts about countries, as triples", "CONSTRUCT { ?country ?property ?object }\nWHERE { ?country a kg:Country ; ?property ?object }\nLIMIT 500"],
  ];
  const keywords = ("SELECT CONSTRUCT DESCRIBE ASK WHERE FILTER OPTIONAL UNION GRAPH BIND VALUES MINUS EXISTS DISTINCT LIMIT " +
    "OFFSET COUNT GROUP_CONCAT COALESCE CONTAINS LCASE REGEX BOUND").split(" ").concat("ORDER BY", "GROUP BY", "NOT EXISTS");
  let names = [];
  let prefixes = {};
  let running = null;

  const area = byId("text");
  const editor = openEditor(startText());
  for (const [name, text] of examples) addExample(name, text);
  loadTerms();
  loadQuestions();
  showFormats();
  byId("run").addEventListener("click", run);
  byId("stop").addEventListener("click", () => running?.abort());
  byId("draw").addEventListener("click", () => location.assign(`/#${new URLSearchParams({ query: editor.value })}`));
  byId("save").addEventListener("click", save);
  byId("example").addEventListener("change", (event) => {
    if (event.target.value) editor.value = event.target.value;
    showFormats();
    editor.focus();
  });

  function startText() {
    return new URLSearchParams(location.search).get("query") || examples[0][1];
  }

  function openEditor(text) {
    if (window.KGEditor) {
      area.remove();
      return KGEditor.create({
        parent: byId("editor"), text, label: "SPARQL", complete, run, nonce: document.body.dataset.nonce,
      });
    }
    area.value = text;
    area.addEventListener("keydown", (event) => {
      if (event.ctrlKey && event.key === "Enter") { event.preventDefault(); run(); }
      if (event.ctrlKey && event.key === " ") { event.preventDefault(); showCompletions(true); }
      if (event.key === "Escape") hideCompletions();
    });
    area.addEventListener("input", () => showCompletions(false));
    return area;
  }

  // ------------------------------------------------------------------------------------------ completion

  function complete(word, text) {
    const wanted = word.toLowerCase();
    if (/^[?$]/.test(word)) {
      const found = new Set(text.match(/[?$]\w+/g) ?? []);
      found.delete(word);
      return [...found].sort().map((label) => ({ label, type: "variable" }));
    }
    const all = [...names, ...keywords.map((label) => ({ label, type: "keyword", detail: "" }))];
    const local = (option) => option.label.slice(option.label.indexOf(":") + 1).toLowerCase();
    return all.filter((option) => option.label.toLowerCase().startsWith(wanted) || local(option).startsWith(wanted) ||
      (wanted.length > 2 && (option.detail ?? "").toLowerCase().includes(wanted))).slice(0, 50);
  }

  function wordBefore() {
    return /[?$]?[\w:-]*$/.exec(area.value.slice(0, area.selectionStart))[0];
  }

  function showCompletions(asked) {
    const word = wordBefore();
    const options = asked || word.length > 1 ? complete(word, area.value).slice(0, 12) : [];
    const list = byId("completions");
    list.replaceChildren(...options.map((option) => {
      const button = element("button", option.label, { type: "button" });
      button.append(" ", element("small", option.detail || option.type));
      button.addEventListener("click", () => insert(word, option.label));
      const item = document.createElement("li");
      item.append(button);
      return item;
    }));
    list.hidden = !options.length;
    if (asked) list.querySelector("button")?.focus();
  }

  function hideCompletions() {
    byId("completions").hidden = true;
  }

  function insert(word, name) {
    area.setRangeText(name, area.selectionStart - word.length, area.selectionStart, "end");
    hideCompletions();
    area.focus();
  }

  async function loadTerms() {
    const answer = await fetch("/terms.json");
    if (!answer.ok) return;
    const content = await answer.json();
    prefixes = content.prefixes;
    names = content.terms.map(({ name, kind, label }) => ({ label: name, type: kind, detail: label }));
    names.push(...Object.keys(prefixes).map((prefix) => ({ label: `${prefix}:`, type: "namespace", detail: prefixes[prefix] })));
  }

  async function loadQuestions() {
    const answer = await fetch("/ask");
    if (!answer.ok) return;
    for (const { question, sparql } of await answer.json()) addExample(question, sparql.replace(/^# parameters:.*\n/m, ""));
  }

  function addExample(name, text) {
    byId("example").append(element("option", name, { value: text }));
  }

  // ------------------------------------------------------------------------------------------ running

  function isGraphQuery() {
    const code = editor.value.replace(/#.*$/gm, "").replace(/<[^>]*>/g, "");
    return /\b(CONSTRUCT|DESCRIBE)\b/i.test(code) && !/^\s*(PREFIX\s+\S*:\s*|BASE\s*)*\s*(SELECT|ASK)\b/i.test(code);
  }

  function showFormats() {
    const kind = isGraphQuery() ? "graph" : "table";
    byId("draw").hidden = kind !== "graph";
    const select = byId("format");
    if (select.dataset.kind === kind) return;
    select.dataset.kind = kind;
    select.replaceChildren(...formats[kind].map(([name]) => element("option", name, { value: name })));
  }

  async function ask(accept) {
    running?.abort();
    const controller = new AbortController();
    running = controller;
    byId("stop").disabled = false;
    byId("status").className = "";
    byId("status").textContent = "Running …";
    try {
      const answer = await fetch("/sparql", {
        method: "POST", body: editor.value, signal: controller.signal,
        headers: { "Content-Type": "application/sparql-query", Accept: accept },
      });
      if (answer.ok) return answer;
      const problem = await answer.json().catch(() => ({}));
      fail(problem.detail || `${answer.status} ${answer.statusText}`);
    } catch (error) {
      fail(error.name === "AbortError" ? "Stopped." : `The server cannot be reached: ${error.message}`);
    } finally {
      if (running === controller) byId("stop").disabled = true;
    }
    return null;
  }

  function fail(message) {
    byId("status").className = "problem";
    byId("status").textContent = message;
    byId("answer").replaceChildren();
  }

  async function run() {
    showFormats();
    const begun = performance.now();
    const graph = isGraphQuery();
    const answer = await ask(graph ? "text/turtle" : "application/sparql-results+json");
    if (!answer) return true;
    const took = () => `${Math.max(1, Math.round(performance.now() - begun))} ms`;
    if (graph) {
      const text = await answer.text();
      byId("answer").replaceChildren(element("pre", text));
      byId("status").textContent = `Triples, ${took()}`;
    } else {
      const content = await answer.json();
      if ("boolean" in content) {
        byId("answer").replaceChildren(element("p", content.boolean ? "Yes" : "No"));
        byId("status").textContent = took();
      } else {
        const rows = content.results.bindings;
        byId("answer").replaceChildren(table(content.head.vars, rows.slice(0, shown)));
        const rest = rows.length > shown ? `; the first ${shown} are shown` : "";
        byId("status").textContent = `${rows.length} ${rows.length === 1 ? "row" : "rows"}, ${took()}${rest}`;
      }
    }
    return true;
  }

  async function save() {
    showFormats();
    const [name, accept, ending] = formats[byId("format").dataset.kind].find(([key]) => key === byId("format").value);
    const answer = await ask(accept);
    if (!answer) return;
    const link = element("a", "", { href: URL.createObjectURL(await answer.blob()), download: `answer.${ending}` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    byId("status").textContent = `Saved as ${name}.`;
  }

  // ------------------------------------------------------------------------------------------ answer

  function table(columns, rows) {
    const whole = document.createElement("table");
    const head = whole.createTHead().insertRow();
    for (const column of columns) head.append(element("th", column, { scope: "col" }));
    const body = whole.createTBody();
    for (const row of rows) {
      const line = body.insertRow();
      for (const column of columns) line.insertCell().append(...(row[column] ? [cell(row[column])] : []));
    }
    return whole;
  }

  function cell(term) {
    if (term.type !== "uri") {
      const text = element("span", term.type === "bnode" ? `_:${term.value}` : term.value ?? JSON.stringify(term));
      if (term["xml:lang"]) text.lang = term["xml:lang"];
      return text;
    }
    const query = `DESCRIBE <${term.value}>`;
    return element("a", short(term.value), { href: `/query?query=${encodeURIComponent(query)}`, title: term.value });
  }

  function short(iri) {
    const [prefix, base] = Object.entries(prefixes).filter(([, start]) => iri.startsWith(start))
      .sort((a, b) => b[1].length - a[1].length)[0] ?? [];
    return prefix ? `${prefix}:${decode(iri.slice(base.length))}` : iri;
  }

  function decode(text) {
    try { return decodeURIComponent(text); } catch { return text; }
  }

  function element(name, text, attributes = {}) {
    const made = document.createElement(name);
    made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }
})();
