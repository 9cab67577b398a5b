import type { ComposeTime, RecordingKind } from '@jumpa/sdk';
import { LayoutCards, type PictureLayout, RadioCards } from '@jumpa/ui';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DialogActions, DialogFrame } from '../dialogs/DialogFrame';
import styles from './RecordDialog.module.css';
import { useLayoutNames } from './useLayoutNames';
import { useRecordingControls } from './useRecordingControls';

const KINDS = ['tracks', 'composite', 'audio_only'] as const satisfies readonly RecordingKind[];
const TIMES = ['after_call', 'live'] as const satisfies readonly ComposeTime[];

/** Chooses what becomes of the call, and says what others will see of it. */
export function RecordDialog({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { start } = useRecordingControls();
  const layoutNames = useLayoutNames();
  const [kind, setKind] = useState<(typeof KINDS)[number]>('tracks');
  const [layout, setLayout] = useState<PictureLayout>('grid');
  const [compose, setCompose] = useState<ComposeTime>('after_call');
  const [isBusy, setBusy] = useState(false);
  const record = () => {
    setBusy(true);
    start(kind === 'composite' ? { kind, layout, compose } : { kind })
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
              label={t('recording.compose_label')}
              value={compose}
              options={TIMES.map((value) => ({
                value,
                label: t(`recording.compose.${value}`),
                help: t(`recording.compose_help.${value}`),
              }))}
              onChoose={setCompose}
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
