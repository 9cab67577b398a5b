import { ago, LONG_NAME, list, type Scene, signedIn } from './fixtures';

const provider = (id: string, name: string, domains: readonly string[], more: object = {}) => ({
  id: `idp_${id}`,
  tenant_id: 'ten_019a8f3e5c7d7b0e9a51c2d4e6f80a2c',
  tenant_name: 'Toko Melati',
  name,
  issuer: 'https://login.melati.example/realms/toko',
  client_id: 'jumpa',
  domains,
  new_role: 'agent',
  created_at: ago(9_000),
  ...more,
});
const melati = provider('melati', 'Akun Toko Melati', ['melati.example']);

const api: Scene['api'] = {
  ...signedIn,
  'GET /v1/operator/identity_providers': list([
    melati,
    provider('sehat', 'Klinik Sehat', ['kliniksehat.example', 'sehat.example', 'rs.example'], {
      tenant_id: 'ten_019a8f3e5c7d7b0e9a51c2d4e6f80a1b',
      tenant_name: LONG_NAME,
      issuer: 'https://login.microsoftonline.com/3c1f7f0e-8a64-4f0c-9d27-21b8b0c3f4aa/v2.0',
      new_role: null,
    }),
    provider('jumpa', 'Akun Jumpa', ['jumpa.example'], {
      tenant_id: null,
      tenant_name: null,
      issuer: 'https://accounts.google.com',
      new_role: null,
    }),
  ]),
  'GET /v1/operator/tenants': list(
    ['Klinik Sehat', 'Toko Melati'].map((name) => ({
      id: `ten_${name.replace(' ', '_').toLowerCase()}`,
      name,
      status: 'active',
    })),
  ),
};
const providers = '/operator/identity_providers';

/** What the operator sets up for the whole platform. */
export const platformScenes: Readonly<Record<string, Scene>> = {
  'identity-providers': { path: providers, api },
  'identity-providers-empty': {
    path: providers,
    api: { ...api, 'GET /v1/operator/identity_providers': list([]) },
  },
  'identity-providers-loading': {
    path: providers,
    api: { ...api, 'GET /v1/operator/identity_providers': 'never' },
  },
  'identity-providers-error': {
    path: providers,
    api: { ...api, 'GET /v1/operator/identity_providers': { problem: 'internal', status: 500 } },
  },
};

/** What a client is told of its providers. */
export const tenantProvidersApi: Scene['api'] = {
  'GET /v1/tenant/identity_providers': list([
    {
      id: melati.id,
      name: 'Akun Klinik Sehat',
      issuer: 'https://login.kliniksehat.example',
      domains: ['kliniksehat.example'],
      new_role: 'agent',
    },
  ]),
};
