// Finds in the documents what a test can hold true: commands, configuration and links.

/**
 * Fenced blocks marked `test`, in order: ```sh test, ```js test.
 * A block may name the file it is written to instead of being run: ```toml file=jumpa.toml.
 */
export function testedBlocks(markdown) {
  const blocks = [];
  for (const match of markdown.matchAll(/^```(\w+) ([^\n]+)\n([\s\S]*?)^```$/gm)) {
    const [, language, marks, body] = match;
    const words = marks.trim().split(/\s+/);
    const file = words.find((word) => word.startsWith('file='))?.slice('file='.length);
    const line = markdown.slice(0, match.index).split('\n').length;
    if (file || words.includes('test')) blocks.push({ language, body, file: file ?? null, line });
  }
  return blocks;
}

/** Relative link targets of a document, without their anchors. */
export function relativeLinks(markdown) {
  const prose = markdown.replace(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1])
    .filter((target) => !/^(?:[a-z]+:|#)/.test(target))
    .map((target) => target.split('#')[0]);
}

/** The blocks of one document as one shell script that stops at the first failing line. */
export function scriptOf(blocks) {
  const parts = ['set -euo pipefail'];
  blocks.forEach(({ language, body, file }, index) => {
    const end = `END_OF_BLOCK_${index}`;
    if (file) parts.push(`cat > '${file}' <<'${end}'\n${body}${end}`);
    else if (language === 'js') parts.push(`node --input-type=module <<'${end}'\n${body}${end}`);
    else parts.push(body);
  });
  return `${parts.join('\n')}\n`;
}
