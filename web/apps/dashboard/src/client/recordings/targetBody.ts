import { enteredTarget, type TargetForm } from '@jumpa/ui';
import type { RecordingWish } from '../../api/recordings';

/** A place to stream to, as the API asks for it. */
export function targetBody(
  form: TargetForm,
): NonNullable<RecordingWish['targets']>[number] & { key?: string } {
  const target = enteredTarget(form);
  if ('id' in target) return { id: target.id };
  const { viewerUrl, ...rest } = target;
  return { ...rest, ...(viewerUrl !== undefined && { viewer_url: viewerUrl }) };
}
