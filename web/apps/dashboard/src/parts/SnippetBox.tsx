import { type ReactNode, useState } from 'react';
import { CopyButton } from './CopyButton';
import styles from './SnippetBox.module.css';

export interface Snippet {
  /** The name of the language or place: "HTML", "Node". */
  readonly name: string;
  readonly code: string;
}

export interface SnippetBoxProps {
  /** What the snippets do, for screen readers. */
  label: string;
  /** The same in several languages; the first is shown at first. */
  snippets: readonly Snippet[];
}

/** Code to take away, in one or several languages. */
export function SnippetBox({ label, snippets }: SnippetBoxProps): ReactNode {
  const [chosen, setChosen] = useState(0);
  const snippet = snippets[chosen] ?? snippets[0];
  if (!snippet) return null;
  return (
    <figure className={styles.box} aria-label={label}>
      <figcaption className={styles.head}>
        {snippets.length > 1 ? (
          <div className={styles.names}>
            {snippets.map(({ name }, index) => (
              <button
                key={name}
                type="button"
                className={styles.name}
                aria-pressed={index === chosen}
                onClick={() => setChosen(index)}
              >
                {name}
              </button>
            ))}
          </div>
        ) : (
          <span className={styles.only}>{snippet.name}</span>
        )}
        <CopyButton value={snippet.code} what={snippet.name} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keyboard */}
      <pre className={styles.code} tabIndex={0}>
        <code>{snippet.code}</code>
      </pre>
    </figure>
  );
}
