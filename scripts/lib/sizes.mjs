// What a browser loads before the first screen, from the built page.

/** Files that the page loads at once: its scripts, their preloaded imports and its styles. */
export function firstLoad(html) {
  const files = [];
  for (const [tag] of html.matchAll(/<(?:script|link)\b[^>]*>/g)) {
    const isLoaded = /^<script/.test(tag) || /rel="(?:modulepreload|stylesheet|preload)"/.test(tag);
    const file = /(?:src|href)="\/?([^"]+)"/.exec(tag)?.[1];
    if (isLoaded && file && !/^(?:https?:|data:)/.test(file)) files.push(file);
  }
  return files;
}

/** One line about a size against its budget, as a problem list and a text. */
export function againstBudget(name, bytes, budgetKb) {
  const kb = bytes / 1000;
  const line = `${name}: ${kb.toFixed(1)} kB gzip of ${budgetKb} kB`;
  return { line, problems: kb > budgetKb ? [`${line}: over the budget`] : [] };
}
