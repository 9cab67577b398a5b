import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CallDetail, callCourseQuery, callQuery } from '../../api/calls';
import { Answered } from '../../parts/Answered';
import { Card } from '../../parts/Card';
import { Page } from '../../parts/Page';
import { SkeletonLines } from '../../parts/SkeletonLines';
import { useClient } from '../useClient';
import { useZone } from '../useZone';
import { CallFacts } from './CallFacts';
import { CallLog } from './CallLog';
import { CallParticipants } from './CallParticipants';
import { QualityCharts } from './QualityCharts';
import { Standouts } from './Standouts';
import { TimelineCard } from './Timeline';
import { timelineOf } from './timeline';

/** One call: who was in it when, how good it was, and what stood out. */
export function CallPage(): ReactNode {
  const { t } = useTranslation('numbers');
  const { tenantId } = useClient();
  const { callId = '' } = useParams({ strict: false });
  const call = useQuery(callQuery(tenantId, callId));
  return (
    <Page
      title={call.data?.room ?? t('call.heading')}
      parent={
        <Link to="/t/$tenantId/calls" params={{ tenantId }}>
          {t('calls.heading')}
        </Link>
      }
    >
      <Answered query={call} failed={t('call.failed')} skeleton={<Waiting />}>
        {(data) => (
          <>
            <CallFacts call={data} />
            <Course call={data} />
          </>
        )}
      </Answered>
    </Page>
  );
}

function Course({ call }: { call: CallDetail }): ReactNode {
  const { t } = useTranslation('numbers');
  const { tenantId } = useClient();
  const zone = useZone();
  const [chosen, setChosen] = useState<string | null>(null);
  const query = useQuery(callCourseQuery(tenantId, call.id, call.is_live));
  const { data, dataUpdatedAt } = query;
  const timeline = useMemo(
    () => data && timelineOf(call, data.participants, data.events, dataUpdatedAt),
    [call, data, dataUpdatedAt],
  );
  return (
    <Answered query={query} failed={t('call.failed')} skeleton={<CourseWaiting />}>
      {({ participants, events, quality }) => (
        <>
          <Standouts participants={participants} onChoose={setChosen} />
          {timeline && (
            <>
              <TimelineCard timeline={timeline} zone={zone} chosen={chosen} onChoose={setChosen} />
              <QualityCharts
                timeline={timeline}
                quality={quality}
                zone={zone}
                chosen={chosen}
                onChoose={setChosen}
              />
            </>
          )}
          <CallParticipants participants={participants} />
          <CallLog participants={participants} events={events} zone={zone} chosen={chosen} />
        </>
      )}
    </Answered>
  );
}

/** Stands for the facts and what follows them. */
function Waiting(): ReactNode {
  return (
    <>
      <Card>
        <SkeletonLines count={4} />
      </Card>
      <CourseWaiting />
    </>
  );
}

function CourseWaiting(): ReactNode {
  const { t } = useTranslation('numbers');
  return (
    <Card title={t('timeline.heading')}>
      <SkeletonLines count={6} />
    </Card>
  );
}
