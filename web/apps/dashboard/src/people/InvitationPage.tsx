import { ApiProblem } from '@jumpa/api-client';
import { Button, Skeleton, TextInput } from '@mantine/core';
import '@mantine/core/styles/Skeleton.layer.css';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouterState, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { acceptInvitation, type InvitationLink, invitationLinkQuery } from '../api/links';
import { logout, type Me, meQuery } from '../api/me';
import { LinkButton } from '../parts/LinkButton';
import { ProblemNotice } from '../parts/ProblemNotice';
import { SignInFrame } from '../shell/SignInFrame';
import { FormCard } from './FormCard';
import { NewPasswordField } from './NewPasswordField';
import { isLongEnough } from './personRules';

/** Where an invitation leads: somebody new chooses a password, everybody else joins with their login. */
export function InvitationPage(): ReactNode {
  const { token = '' } = useSearch({ from: '/invitation' });
  return <SignInFrame>{token === '' ? <Void /> : <Invitation token={token} />}</SignInFrame>;
}

function Invitation({ token }: { token: string }): ReactNode {
  const { t } = useTranslation('people');
  const link = useQuery(invitationLinkQuery(token));
  const me = useQuery({ ...meQuery, retry: false });
  if (link.error) {
    if (link.error instanceof ApiProblem && link.error.code === 'one_time_token_invalid') {
      return <Void />;
    }
    return (
      <ProblemNotice
        error={link.error}
        onRetry={() => {
          link.refetch().catch(() => undefined);
        }}
      />
    );
  }
  if (!link.data || me.isPending) {
    return (
      <FormCard title={t('invitation.loading')}>
        <Skeleton height={44} />
        <Skeleton height={44} />
      </FormCard>
    );
  }
  const isOther = me.data !== undefined && me.data.email !== link.data.email;
  if (isOther) return <OtherPerson me={me.data} link={link.data} />;
  if (me.data) return <Join token={token} link={link.data} before={me.data} />;
  return link.data.has_login ? (
    <SignInFirst link={link.data} />
  ) : (
    <NewPerson token={token} link={link.data} />
  );
}

/** Goes on into the tenant that the person did not belong to before. */
function useAccept(before: Me | undefined) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: acceptInvitation,
    onSuccess: async (me) => {
      queries.clear();
      queries.setQueryData(meQuery.queryKey, me);
      const known = new Set(before?.memberships.map((one) => one.tenant_id));
      const joined = me.memberships.find((one) => !known.has(one.tenant_id));
      if (joined) await navigate({ to: '/t/$tenantId', params: { tenantId: joined.tenant_id } });
      else await navigate({ to: '/' });
    },
  });
}

function NewPerson({ token, link }: { token: string; link: InvitationLink }): ReactNode {
  const { t } = useTranslation('people');
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [isChecked, setChecked] = useState(false);
  const accept = useAccept(undefined);
  const submit = () => {
    setChecked(true);
    if (name.trim() === '' || !isLongEnough(password)) return;
    accept.mutate({ token, name: name.trim(), password });
  };
  return (
    <FormCard
      title={t('invitation.heading', { tenant: link.tenant_name })}
      lead={t('invitation.lead_new', { role: t(`invitation.role.${link.role}`) })}
      onSubmit={submit}
    >
      {accept.error && <ProblemNotice error={accept.error} />}
      <TextInput
        size="md"
        label={t('person.email')}
        type="email"
        value={link.email}
        autoComplete="username"
        readOnly
      />
      <TextInput
        size="md"
        label={t('person.name')}
        value={name}
        autoComplete="name"
        maxLength={80}
        error={isChecked && name.trim() === '' && t('person.name_missing')}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NewPasswordField
        value={password}
        isShort={isChecked && !isLongEnough(password)}
        onChange={setPassword}
      />
      <Button type="submit" size="md" loading={accept.isPending}>
        {t('invitation.action_new')}
      </Button>
    </FormCard>
  );
}

function Join({
  token,
  link,
  before,
}: {
  token: string;
  link: InvitationLink;
  before: Me;
}): ReactNode {
  const { t } = useTranslation('people');
  const accept = useAccept(before);
  return (
    <FormCard
      title={t('invitation.heading', { tenant: link.tenant_name })}
      lead={t('invitation.lead_join', {
        email: link.email,
        role: t(`invitation.role.${link.role}`),
      })}
      onSubmit={() => accept.mutate({ token })}
    >
      {accept.error && <ProblemNotice error={accept.error} />}
      <Button type="submit" size="md" loading={accept.isPending}>
        {t('invitation.action_join', { tenant: link.tenant_name })}
      </Button>
    </FormCard>
  );
}

function SignInFirst({ link }: { link: InvitationLink }): ReactNode {
  const { t } = useTranslation('people');
  const next = useRouterState({ select: (state) => state.location.publicHref });
  return (
    <FormCard
      title={t('invitation.heading', { tenant: link.tenant_name })}
      lead={t('invitation.lead_sign_in', { email: link.email })}
    >
      <LinkButton to="/login" search={{ next, email: link.email }} size="md">
        {t('login.action')}
      </LinkButton>
    </FormCard>
  );
}

/** Somebody else is signed in here; the invitation is not for them. */
function OtherPerson({ me, link }: { me: Me; link: InvitationLink }): ReactNode {
  const { t } = useTranslation('people');
  const queries = useQueryClient();
  const leave = useMutation({
    mutationFn: logout,
    onSuccess: () => queries.resetQueries({ queryKey: meQuery.queryKey, exact: true }),
  });
  return (
    <FormCard
      title={t('invitation.heading', { tenant: link.tenant_name })}
      lead={t('invitation.lead_other', { invited: link.email, email: me.email })}
    >
      {leave.error && <ProblemNotice error={leave.error} />}
      <Button size="md" loading={leave.isPending} onClick={() => leave.mutate()}>
        {t('invitation.action_other')}
      </Button>
      <LinkButton to="/" variant="default" size="md">
        {t('invitation.stay', { name: me.name })}
      </LinkButton>
    </FormCard>
  );
}

function Void(): ReactNode {
  const { t } = useTranslation('people');
  return (
    <FormCard title={t('invitation.void_heading')} lead={t('invitation.void_text')}>
      <LinkButton to="/login" size="md">
        {t('login.action')}
      </LinkButton>
    </FormCard>
  );
}
