import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconChevronLeft, IconChevronRight } from '../icons';
import type { Rect } from './geometry';
import styles from './Pager.module.css';

export interface PagerProps {
  /** From 0. */
  page: number;
  pageCount: number;
  /** What is paged; the buttons stand at its lower edge. */
  area: Rect;
  onChoose: (page: number) => void;
}

/** Turns the pages of a stage that holds more people than fit. Nothing with one page. */
export function Pager({ page, pageCount, area, onChoose }: PagerProps): ReactNode {
  const { t } = useTranslation();
  if (pageCount < 2) return null;
  return (
    <nav
      className={styles.pager}
      style={{ insetInlineStart: area.x + area.width / 2, insetBlockStart: area.y + area.height }}
      aria-label={t('call.page_of', { page: page + 1, pages: pageCount })}
    >
      <button
        type="button"
        className={styles.button}
        aria-label={t('call.page_previous')}
        disabled={page === 0}
        onClick={() => onChoose(page - 1)}
      >
        <IconChevronLeft aria-hidden="true" />
      </button>
      <span className={styles.count} aria-hidden="true">
        {page + 1} / {pageCount}
      </span>
      <button
        type="button"
        className={styles.button}
        aria-label={t('call.page_next')}
        disabled={page === pageCount - 1}
        onClick={() => onChoose(page + 1)}
      >
        <IconChevronRight aria-hidden="true" />
      </button>
    </nav>
  );
}
