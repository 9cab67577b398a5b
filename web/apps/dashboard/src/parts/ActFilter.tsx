import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { actText, KNOWN_ACTS } from './actText';
import { FilterSelect } from './FilterSelect';

export interface ActFilterProps {
  /** The chosen act, `member.removed`; `undefined` for all. */
  action: string | undefined;
  onChoose: (action: string | undefined) => void;
}

/** Narrows an audit log to one kind of act. */
export function ActFilter({ action, onChoose }: ActFilterProps): ReactNode {
  const { t, i18n } = useTranslation('audit');
  const acts = new Set<string>(action === undefined ? KNOWN_ACTS : [action, ...KNOWN_ACTS]);
  const options = [...acts]
    .map((value) => ({ value, label: actText(i18n, value) }))
    .sort((a, b) => a.label.localeCompare(b.label, i18n.language));
  return (
    <FilterSelect
      label={t('filter')}
      value={action}
      options={[{ value: '', label: t('filter_all') }, ...options]}
      onChoose={onChoose}
    />
  );
}
