import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { openApiQuery } from '../api/openApi';
import { EmptyState } from '../parts/EmptyState';
import { Page } from '../parts/Page';
import { ProblemNotice } from '../parts/ProblemNotice';
import { SearchField } from '../parts/SearchField';
import { SkeletonLines } from '../parts/SkeletonLines';
import { SnippetBox } from '../parts/SnippetBox';
import { TableScroller } from '../parts/TableScroller';
import { SignInFrame } from '../shell/SignInFrame';
import { describe, type Field, found, type Operation } from './describe';
import styles from './ReferencePage.module.css';

/** The ways to prove who asks, in words. */
const WAY = { session: 'way_session', api_key: 'way_api_key' } as const;

/** Every operation of the API of this server, for those who build on it. */
export function ReferencePage(): ReactNode {
  return (
    <SignInFrame isWide>
      <Reference />
    </SignInFrame>
  );
}

function Reference(): ReactNode {
  const { t } = useTranslation('reference');
  const { data, error, refetch } = useQuery(openApiQuery);
  const [typed, setTyped] = useState('');
  const subjects = useMemo(() => (data ? describe(data, window.location.origin) : []), [data]);
  const shown = useMemo(() => found(subjects, typed), [subjects, typed]);
  return (
    <Page title={t('title')} lead={t('lead')}>
      {error && <ProblemNotice error={error} title={t('failed')} onRetry={() => refetch()} />}
      {!data && !error && <SkeletonLines count={8} />}
      {data && (
        <div className={styles.columns}>
          <nav className={styles.nav} aria-label={t('subjects')}>
            <a href="/openapi.json" download="jumpa-openapi.json">
              {t('download')}
            </a>
            <ul>
              {shown.map(({ name }) => (
                <li key={name}>
                  <a href={`#${name}`}>{name}</a>
                </li>
              ))}
            </ul>
          </nav>
          <div className={styles.main}>
            <Text>{data.info.description ?? ''}</Text>
            <SearchField
              label={t('search')}
              value={typed}
              onSearch={(text) => setTyped(text ?? '')}
            />
            {shown.length === 0 && <EmptyState title={t('nothing')} />}
            {shown.map(({ name, description, operations }) => (
              <section key={name} id={name} className={styles.subject} aria-label={name}>
                <h2>{name}</h2>
                {description && <Text>{description}</Text>}
                {operations.map((operation) => (
                  <OperationBox key={operation.id} operation={operation} />
                ))}
              </section>
            ))}
          </div>
        </div>
      )}
    </Page>
  );
}

function OperationBox({ operation }: { operation: Operation }): ReactNode {
  const { t } = useTranslation('reference');
  const [isOpen, setIsOpen] = useState(false);
  const { id, method, path, summary, description, needs, parameters, body, answer } = operation;
  return (
    <details
      id={id}
      className={styles.operation}
      onToggle={(event) => setIsOpen(event.currentTarget.open)}
    >
      <summary className={styles.summary}>
        <code className={styles.method} data-method={method}>
          {method}
        </code>
        <code className={styles.path}>{path}</code>
        <span className={styles.words}>{summary}</span>
      </summary>
      {isOpen && (
        <div className={styles.detail}>
          {description && <Text>{description}</Text>}
          <p className={styles.text}>
            {needs.length === 0
              ? t('needs_nothing')
              : t('needs', {
                  ways: needs.map((way) => t(WAY[way])).join(t('or')),
                })}
          </p>
          <FieldTable
            label={t('parameters')}
            fields={parameters.map((one) => ({ ...one, name: `${one.name} (${one.place})` }))}
          />
          <FieldTable label={t('body')} fields={body} />
          <FieldTable label={t('answer')} fields={answer} />
          <SnippetBox label={summary} snippets={[{ name: 'curl', code: operation.curl }]} />
        </div>
      )}
    </details>
  );
}

function FieldTable({ label, fields }: { label: string; fields: readonly Field[] }): ReactNode {
  const { t } = useTranslation('reference');
  if (fields.length === 0) return null;
  return (
    <TableScroller label={label} className={styles.scroller}>
      <table className={styles.table}>
        <caption>{label}</caption>
        <thead>
          <tr>
            <th scope="col">{t('col_name')}</th>
            <th scope="col">{t('col_type')}</th>
            <th scope="col">{t('col_meaning')}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ name, type, isRequired, description }) => (
            <tr key={name}>
              <th scope="row">
                <code>{name}</code>
                {isRequired && <span className={styles.required}>{t('required')}</span>}
              </th>
              <td>{type}</td>
              <td>{withCode(description)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroller>
  );
}

function Text({ children }: { children: string }): ReactNode {
  return <p className={styles.text}>{withCode(children)}</p>;
}

/** Words between backticks as code, as the document means them. */
function withCode(text: string): ReactNode {
  return text.split('`').map((part, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
    index % 2 === 1 ? <code key={index}>{part}</code> : part,
  );
}
