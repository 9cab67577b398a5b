import { SegmentedControl, Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import '@mantine/core/styles/Tabs.layer.css';
import '@mantine/core/styles/SegmentedControl.layer.css';
import '@mantine/core/styles/FloatingIndicator.layer.css';
import type { VideoQuality } from '@jumpa/sdk';
import { useTranslation } from 'react-i18next';
import { DeviceSelects } from '../devices/DeviceSelects';
import { DialogFrame } from '../dialogs/DialogFrame';
import { savePreferences } from '../session/preferences';
import { useRoom, useRoomPart } from '../session/RoomContext';
import { ConnectionReport } from './ConnectionReport';
import { LanguageSelect } from './LanguageSelect';
import styles from './SettingsDialog.module.css';
import { ThemeControl } from './ThemeControl';

const QUALITIES: readonly VideoQuality[] = ['auto', 'low', 'audio_only'];

export interface SettingsDialogProps {
  tab: 'devices' | 'video' | 'general' | 'connection';
  onClose: () => void;
}

/** Devices, video, language and appearance, and how the connection does. */
export function SettingsDialog({ tab, onClose }: SettingsDialogProps): ReactNode {
  const { t } = useTranslation();
  return (
    <DialogFrame title={t('settings.title')} size="wide" onClose={onClose}>
      <Tabs
        defaultValue={tab}
        keepMounted={false}
        classNames={{ list: styles.tabs ?? '', tab: styles.tab ?? '', panel: styles.panel ?? '' }}
      >
        <Tabs.List>
          <Tabs.Tab value="devices">{t('settings.tab_devices')}</Tabs.Tab>
          <Tabs.Tab value="video">{t('settings.tab_video')}</Tabs.Tab>
          <Tabs.Tab value="general">{t('settings.tab_general')}</Tabs.Tab>
          <Tabs.Tab value="connection">{t('settings.tab_connection')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="devices">
          <DeviceSelects withSpeakerTest />
        </Tabs.Panel>
        <Tabs.Panel value="video">
          <QualityChoice />
        </Tabs.Panel>
        <Tabs.Panel value="general">
          <div className={styles.stack}>
            <LanguageSelect />
            <ThemeControl />
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="connection">
          <ConnectionReport />
        </Tabs.Panel>
      </Tabs>
    </DialogFrame>
  );
}

function QualityChoice(): ReactNode {
  const { t } = useTranslation();
  const room = useRoom();
  const quality = useRoomPart((state) => state.videoQuality);
  return (
    <div>
      <p className={styles.label} id="quality-label">
        {t('settings.quality_label')}
      </p>
      <SegmentedControl
        fullWidth
        size="md"
        classNames={{ root: styles.choice ?? '' }}
        aria-labelledby="quality-label"
        value={quality}
        data={QUALITIES.map((value) => ({ value, label: t(`settings.quality_${value}`) }))}
        onChange={(value) => {
          const next = value as VideoQuality;
          savePreferences({ quality: next });
          room.setVideoQuality(next);
        }}
      />
      <p className={styles.help}>{t(`settings.quality_${quality}_help`)}</p>
    </div>
  );
}
