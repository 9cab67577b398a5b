import { answer } from '@jumpa/api-client';
import { queryOptions } from '@tanstack/react-query';
import type { OpenApi } from '../reference/describe';
import { api } from './api';

/** The description of the API that this server has. */
export const openApiQuery = queryOptions({
  queryKey: ['openapi'],
  queryFn: async ({ signal }) => (await answer(api.GET('/openapi.json', { signal }))) as OpenApi,
  staleTime: Number.POSITIVE_INFINITY,
});
