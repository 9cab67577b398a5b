import type { TargetWords } from '@jumpa/ui';
import { useTranslation } from 'react-i18next';

/** The texts of the form for places to stream to; beside those that are stored they are new ones. */
export function useTargetWords(isBesideStored: boolean): TargetWords {
  const { t } = useTranslation();
  return {
    place: (number) =>
      isBesideStored
        ? t('recording.target.new_place', { number })
        : t('recording.target.place', { number }),
    remove: (number) =>
      isBesideStored
        ? t('recording.target.remove_new', { number })
        : t('recording.target.remove', { number }),
    add: t('recording.target.add'),
    service: t('recording.target.service'),
    youtube: 'YouTube',
    other: t('recording.target.other'),
    url: t('recording.target.url'),
    urlHelp: t('recording.target.url_help'),
    key: t('recording.target.key'),
    keyHelp: t('recording.target.key_help'),
    viewerUrl: t('recording.target.viewer'),
    viewerUrlHelp: t('recording.target.viewer_help'),
    problem: (problem) => t(`recording.target.${problem}`),
  };
}
