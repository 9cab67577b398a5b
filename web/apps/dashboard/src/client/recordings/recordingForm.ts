import type { PictureLayout } from '@jumpa/ui';
import type { RecordingOptions, RecordingWish } from '../../api/recordings';

type ComposeTime = NonNullable<RecordingWish['compose']>;

/** Heights of a picture of everybody, pixels. */
export const HEIGHTS = [720, 1080] as const;

/** How a call is recorded, as a form holds it: each choice stays when another kind is looked at. */
export interface RecordingForm {
  readonly kind: RecordingWish['kind'];
  readonly layout: PictureLayout;
  readonly compose: ComposeTime;
  readonly height: (typeof HEIGHTS)[number];
  readonly hasNames: boolean;
  /** Whether tracks are kept rather than nothing while no recorder is free. */
  readonly hasFallback: boolean;
}

/** What the form holds before anybody chose: a recording costs least this way. */
export const USUAL_FORM: RecordingForm = {
  kind: 'tracks',
  layout: 'grid',
  compose: 'after_call',
  height: 720,
  hasNames: true,
  hasFallback: true,
};

/** Whether everybody stands in one picture. */
export function hasPicture({ kind }: RecordingForm): boolean {
  return kind === 'composite' || kind === 'stream';
}

/** Whether the picture is made while the call runs, for which a recorder must be free. */
export function isLive({ kind, compose }: RecordingForm): boolean {
  return kind === 'stream' || (kind === 'composite' && compose === 'live');
}

/** The form for options that stand already. */
export function recordingForm(options: RecordingOptions): RecordingForm {
  return {
    kind: options.kind,
    layout: options.layout ?? USUAL_FORM.layout,
    compose: options.compose ?? USUAL_FORM.compose,
    height: HEIGHTS.find((height) => height === options.height) ?? USUAL_FORM.height,
    hasNames: options.has_names ?? USUAL_FORM.hasNames,
    hasFallback: isFallbackKept(options),
  };
}

/** Where no fallback can be chosen, the usual one is offered as soon as it can. */
function isFallbackKept({ kind, compose, fallback }: RecordingOptions): boolean {
  const isChosen = kind === 'stream' || (kind === 'composite' && compose === 'live');
  return isChosen ? fallback === 'tracks' : USUAL_FORM.hasFallback;
}

/** What of the form holds for its kind, as the API takes it. */
export function optionsBody(form: RecordingForm) {
  const { kind, layout, compose, height, hasNames, hasFallback } = form;
  return {
    kind,
    ...(hasPicture(form) && { layout, height, has_names: hasNames }),
    ...(kind === 'composite' && { compose }),
    ...(isLive(form) && hasFallback && { fallback: 'tracks' as const }),
  };
}
