import { PICTURE_LAYOUTS, type PictureLayout } from '@jumpa/ui';
import { useTranslation } from 'react-i18next';

/** How each layout of a picture is called. */
export function useLayoutNames(): Readonly<Record<PictureLayout, string>> {
  const { t } = useTranslation();
  const names = PICTURE_LAYOUTS.map((layout) => [layout, t(`recording.layout.${layout}`)] as const);
  return Object.fromEntries(names) as Record<PictureLayout, string>;
}
