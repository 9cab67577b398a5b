import type { ComposeTime, RecordingKind } from '@jumpa/sdk';
import { LayoutCards, type PictureLayout, RadioCards } from '@jumpa/ui';
import { Switch } from '@mantine/core';
import '@mantine/core/styles/Switch.layer.css';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DialogActions, DialogFrame } from '../dialogs/DialogFrame';
import styles from './RecordDialog.module.css';
import { useLayoutNames } from './useLayoutNames';
import { useRecordingControls } from './useRecordingControls';

const KINDS = ['tracks', 'composite', 'audio_only'] as const satisfies readonly RecordingKind[];
const HEIGHTS = ['720', '1080'] as const;
const TIMES = ['after_call', 'live'] as const satisfies readonly ComposeTime[];

/** Chooses what becomes of the call, and says what others will see of it. */
export function RecordDialog({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { start } = useRecordingControls();
  const layoutNames = useLayoutNames();
  const [kind, setKind] = useState<(typeof KINDS)[number]>('tracks');
  const [layout, setLayout] = useState<PictureLayout>('grid');
  const [compose, setCompose] = useState<ComposeTime>('after_call');
  const [height, setHeight] = useState<(typeof HEIGHTS)[number]>('720');
  const [hasNames, setNames] = useState(true);
  const [isBusy, setBusy] = useState(false);
  const record = () => {
    setBusy(true);
    const picture = { layout, compose, height: Number(height), hasNames };
    start(kind === 'composite' ? { kind, ...picture } : { kind })
      .then((isTaken) => isTaken && onClose())
      .finally(() => setBusy(false));
  };
  return (
    <DialogFrame title={t('recording.record_title')} size="middle" onClose={onClose}>
      <div className={styles.form}>
        <p>{t('recording.record_text')}</p>
        <RadioCards
          label={t('recording.kind_label')}
          value={kind}
          options={KINDS.map((value) => ({
            value,
            label: t(`recording.kind.${value}`),
            help: t(`recording.kind_help.${value}`),
          }))}
          onChoose={setKind}
        />
        {kind === 'composite' && (
          <>
            <LayoutCards
              label={t('recording.layout_label')}
              value={layout}
              names={layoutNames}
              onChoose={setLayout}
            />
            <RadioCards
              label={t('recording.height_label')}
              value={height}
              options={HEIGHTS.map((value) => ({
                value,
                label: t(`recording.height.${value}`),
                help: t(`recording.height_help.${value}`),
              }))}
              onChoose={setHeight}
            />
            <RadioCards
              label={t('recording.compose_label')}
              value={compose}
              options={TIMES.map((value) => ({
                value,
                label: t(`recording.compose.${value}`),
                help: t(`recording.compose_help.${value}`),
              }))}
              onChoose={setCompose}
            />
            <Switch
              label={t('recording.names')}
              checked={hasNames}
              onChange={(event) => setNames(event.currentTarget.checked)}
            />
          </>
        )}
      </div>
      <DialogActions
        label={t('recording.record_action')}
        isBusy={isBusy}
        onCancel={onClose}
        onConfirm={record}
      />
    </DialogFrame>
  );
}
