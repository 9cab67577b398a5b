import type audit from '../../locales/en/audit.json';
import type client from '../../locales/en/client.json';
import type common from '../../locales/en/common.json';
import type numbers from '../../locales/en/numbers.json';
import type operator from '../../locales/en/operator.json';
import type people from '../../locales/en/people.json';
import type platform from '../../locales/en/platform.json';
import type recorders from '../../locales/en/recorders.json';
import type recordings from '../../locales/en/recordings.json';
import type reference from '../../locales/en/reference.json';
import type rooms from '../../locales/en/rooms.json';
import type webhooks from '../../locales/en/webhooks.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: {
      audit: typeof audit;
      client: typeof client;
      common: typeof common;
      numbers: typeof numbers;
      operator: typeof operator;
      people: typeof people;
      platform: typeof platform;
      recorders: typeof recorders;
      recordings: typeof recordings;
      reference: typeof reference;
      rooms: typeof rooms;
      webhooks: typeof webhooks;
    };
    returnNull: false;
  }
}
