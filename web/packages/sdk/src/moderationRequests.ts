import { RequestError } from './errors.js';
import type { WantedTarget } from './generated/protocol.js';
import type { Moderation, StreamTarget } from './Moderation.js';
import type { Answer, ClientRequest } from './protocol.js';

/** {@link Moderation} as requests to the server. */
export function moderation(ask: (request: ClientRequest) => Promise<Answer>): Moderation {
  const request = async (wish: ClientRequest): Promise<void> => {
    await ask(wish);
  };
  return {
    mute: (participantId, source) =>
      request({ type: 'mute_participant', participant_id: participantId, source }),
    muteAll: (source) => request({ type: 'mute_all', source }),
    askUnmute: (participantId, source) =>
      request({ type: 'ask_unmute', participant_id: participantId, source }),
    lowerHand: (participantId) => request({ type: 'lower_hand', participant_id: participantId }),
    remove: (participantId, { ban = false } = {}) =>
      request({ type: 'remove_participant', participant_id: participantId, ban }),
    setRole: (participantId, role) =>
      request({ type: 'set_role', participant_id: participantId, role }),
    setPassword: (password) => request({ type: 'set_password', password }),
    setLobby: (isEnabled) => request({ type: 'set_lobby', is_enabled: isEnabled }),
    answerLobby: (participantId, admit) =>
      request({ type: 'answer_lobby', participant_id: participantId, admit }),
    startRecording: ({ hasNames, targets, ...wish }) =>
      request({
        type: 'start_recording',
        ...wish,
        ...(hasNames === undefined ? {} : { has_names: hasNames }),
        ...(targets === undefined ? {} : { targets: targets.map(wantedTarget) }),
      }),
    listStreamTargets: async () => {
      const answer = await ask({ type: 'list_stream_targets' });
      if (answer.type === 'stream_targets') return answer.targets;
      throw new RequestError('internal', `a list was answered with ${answer.type}`);
    },
    setStreamTargets: (recordingId, targets) =>
      request({
        type: 'set_stream_targets',
        recording_id: recordingId,
        targets: targets.map(wantedTarget),
      }),
    stopRecording: (recordingId) => request({ type: 'stop_recording', recording_id: recordingId }),
    endCall: () => request({ type: 'end_call' }),
  };
}

function wantedTarget(target: StreamTarget): WantedTarget {
  if ('id' in target) return { id: target.id };
  const { viewerUrl, ...rest } = target;
  return { ...rest, ...(viewerUrl === undefined ? {} : { viewer_url: viewerUrl }) };
}
