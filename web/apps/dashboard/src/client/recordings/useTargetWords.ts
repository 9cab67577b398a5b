import type { TargetWords } from '@jumpa/ui';
import { useTranslation } from 'react-i18next';

/** The texts of the form for places to stream to. */
export function useTargetWords(): TargetWords {
  const { t } = useTranslation('recordings');
  return {
    place: (number) => t('target.place', { number }),
    remove: (number) => t('target.remove', { number }),
    add: t('target.add'),
    service: t('target.service'),
    youtube: 'YouTube',
    other: t('target.other'),
    url: t('target.url'),
    urlHelp: t('target.url_help'),
    key: t('target.key'),
    keyHelp: t('target.key_help'),
    viewerUrl: t('target.viewer'),
    viewerUrlHelp: t('target.viewer_help'),
    problem: (problem) => t(`target.${problem}`),
  };
}
