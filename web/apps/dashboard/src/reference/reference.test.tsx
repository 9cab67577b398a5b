import { screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, it, describe as suite } from 'vitest';
import checkedIn from '../../../../../crates/api/openapi.json';
import { FakeApi } from '../testing/FakeApi';
import { axeViolations, renderDashboard } from '../testing/renderDashboard';
import { describe, found, type OpenApi } from './describe';

const openapi = checkedIn as unknown as OpenApi;
const subjects = describe(openapi, 'https://call.example');
const operations = subjects.flatMap((subject) => subject.operations);
const prepare = operations.find(({ id }) => id === 'prepare_room');

suite('what the document says', () => {
  it('is shown whole: every operation stands under one subject', () => {
    const ids = Object.values(openapi.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(operations.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  });

  it('names fields with their types, bounds and what must be given', () => {
    expect(prepare?.body.find(({ name }) => name === 'max_participants')).toMatchObject({
      type: 'integer (int32), 1 to 100000 | null',
      isRequired: false,
    });
    expect(prepare?.parameters.map(({ name, place }) => `${name} in ${place}`)).toContain(
      'room in path',
    );
    const list = operations.find(({ id }) => id === 'list_apps');
    expect(list?.answer.map(({ name }) => name)).toContain('data[].limits.max_calls');
  });

  it('gives a request to try', () => {
    expect(prepare?.curl).toContain("curl -X PUT 'https://call.example/v1/apps/");
    expect(prepare?.curl).toContain('Authorization: Bearer jumpa_api_');
    for (const { curl } of operations) {
      const body = /-d '(.*)'$/s.exec(curl)?.[1];
      if (body !== undefined) expect(() => JSON.parse(body)).not.toThrow();
    }
  });

  it('is searched by path and words', () => {
    const ids = (typed: string) =>
      found(subjects, typed).flatMap((subject) => subject.operations.map(({ id }) => id));
    expect(ids('PUT PREPARE room')).toEqual(['prepare_room']);
    expect(ids('nothing like this')).toEqual([]);
  });
});

const api = () =>
  new FakeApi({
    'GET /v1/me': { problem: 'unauthenticated', status: 401 },
    'GET /openapi.json': { body: openapi },
  });

it('needs no login, opens an operation and narrows by words', async () => {
  renderDashboard('/reference', api());
  await screen.findByRole('heading', { level: 1, name: 'API reference' });
  const field = await screen.findByRole('searchbox', { name: 'Find an operation' });
  await userEvent.type(field, 'prepare');
  const summary = await screen.findByText('Prepare a room');
  await userEvent.click(summary);
  const box = summary.closest('details');
  if (!box) throw new Error('an operation is no details');
  box.open = true;
  const table = await within(box).findByRole('table', { name: 'Body' });
  expect(within(table).getByText('has_lobby')).toBeDefined();
  expect(await axeViolations()).toEqual([]);
});

it('says that the document cannot be loaded', async () => {
  const broken = api().on({ 'GET /openapi.json': { problem: 'internal', status: 500 } });
  renderDashboard('/reference', broken);
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('The description of the API cannot be loaded');
});
