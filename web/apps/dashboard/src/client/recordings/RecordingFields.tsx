import { LayoutCards, PICTURE_LAYOUTS, type PictureLayout, RadioCards } from '@jumpa/ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { RECORDING_KINDS } from '../../api/recordings';
import { SwitchRow } from '../../parts/SwitchRow';
import { HEIGHTS, hasPicture, isLive, type RecordingForm } from './recordingForm';

const TIMES = ['after_call', 'live'] as const;

export interface RecordingFieldsProps {
  form: RecordingForm;
  isDisabled?: boolean;
  /** Where a stream is sent; shown for streams alone. */
  targets: ReactNode;
  onChange: (form: RecordingForm) => void;
}

/** How a call is recorded: what is kept, and where there is a picture, how it looks and when it is made. */
export function RecordingFields({
  form,
  isDisabled = false,
  targets,
  onChange,
}: RecordingFieldsProps): ReactNode {
  const { t } = useTranslation('recordings');
  const change = (more: Partial<RecordingForm>) => onChange({ ...form, ...more });
  const layoutNames = Object.fromEntries(
    PICTURE_LAYOUTS.map((one) => [one, t(`layout.${one}`)]),
  ) as Record<PictureLayout, string>;
  return (
    <>
      <RadioCards
        label={t('start.kind')}
        value={form.kind}
        isDisabled={isDisabled}
        options={RECORDING_KINDS.map((value) => ({
          value,
          label: t(`kind.${value}`),
          help: t(`kind_help.${value}`),
        }))}
        // Whoever goes live waits rather than keeps what nobody watches, unless they say so.
        onChoose={(kind) => change({ kind, hasFallback: kind !== 'stream' })}
      />
      {form.kind === 'stream' && targets}
      {hasPicture(form) && (
        <>
          <LayoutCards
            label={t('layout_label')}
            value={form.layout}
            names={layoutNames}
            isDisabled={isDisabled}
            onChoose={(layout) => change({ layout })}
          />
          <RadioCards
            label={t('height_label')}
            value={`${form.height}`}
            isDisabled={isDisabled}
            options={HEIGHTS.map((height) => ({
              value: `${height}`,
              label: t(`height.${height}`),
              help: t(`height_help.${height}`),
            }))}
            onChoose={(value) =>
              change({ height: HEIGHTS.find((height) => `${height}` === value) ?? form.height })
            }
          />
        </>
      )}
      {form.kind === 'composite' && (
        <RadioCards
          label={t('start.compose')}
          value={form.compose}
          isDisabled={isDisabled}
          options={TIMES.map((value) => ({
            value,
            label: t(`compose.${value}`),
            help: t(`compose_help.${value}`),
          }))}
          onChoose={(compose) => change({ compose })}
        />
      )}
      {hasPicture(form) && (
        <div>
          <SwitchRow
            label={t('start.names')}
            help={t('start.names_help')}
            isOn={form.hasNames}
            isDisabled={isDisabled}
            onSwitch={(hasNames) => change({ hasNames })}
          />
          {isLive(form) && (
            <SwitchRow
              label={t('start.fallback')}
              help={
                form.kind === 'stream' ? t('start.fallback_help_stream') : t('start.fallback_help')
              }
              isOn={form.hasFallback}
              isDisabled={isDisabled}
              onSwitch={(hasFallback) => change({ hasFallback })}
            />
          )}
        </div>
      )}
    </>
  );
}
