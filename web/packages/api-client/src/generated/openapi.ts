// Generated from crates/api/openapi.json by `make codegen`. Do not edit.

export interface paths {
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show this document */
        get: operations["show_openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the apps
         * @description The oldest first; with an API key, its own app. Needs `apps:read`.
         */
        get: operations["list_apps"];
        put?: never;
        /**
         * Make an app
         * @description It begins as the operator chose for new apps, usually on trial, and the operator takes it into
         *     production. It has no keys yet. Needs `apps:write`.
         */
        post: operations["create_app"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an app
         * @description Needs `apps:read`.
         */
        get: operations["show_app"];
        put?: never;
        post?: never;
        /**
         * Delete an app
         * @description It takes no joins from now on and can be restored for 30 days. Then its keys, bans and settings
         *     are erased; what it used stays. Needs `apps:write`.
         */
        delete: operations["delete_app"];
        options?: never;
        head?: never;
        /**
         * Change an app
         * @description Calls follow within ten seconds. Environment and limits are the operator's. Needs `apps:write`.
         */
        patch: operations["update_app"];
        trace?: never;
    };
    "/v1/apps/{app_id}/api_keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the API keys of an app
         * @description All of them, the oldest first, without their secrets. Needs `keys:read`.
         */
        get: operations["list_api_keys"];
        put?: never;
        /**
         * Make an API key
         * @description With it a back end acts for this app, by `Authorization: Bearer`. Needs `keys:write`.
         */
        post: operations["create_api_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app_id}/api_keys/{api_key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete an API key
         * @description It is void at once. Needs `keys:write`.
         */
        delete: operations["delete_api_key"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app_id}/bans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the bans of an app
         * @description Those that hold, the newest first. Needs `rooms:read`.
         */
        get: operations["list_bans"];
        put?: never;
        /**
         * Ban somebody from an app
         * @description They are out of its calls within ten seconds and join no more. A ban of the same person is
         *     replaced. Needs `rooms:write`.
         */
        post: operations["create_ban"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app_id}/bans/{ban_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Lift a ban
         * @description The person may join again within seconds. Needs `rooms:write`.
         */
        delete: operations["delete_ban"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app_id}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the signing keys of an app
         * @description The newest first, without their secrets. Needs `keys:read`.
         */
        get: operations["list_app_keys"];
        put?: never;
        /**
         * Make a signing key
         * @description Of kind `hs256` the server makes the secret; of the others it takes the public half and never
         *     sees the private one. Needs `keys:write`.
         */
        post: operations["create_app_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app_id}/keys/{key_id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Revoke a signing key
         * @description Its tokens are refused within ten seconds, and who came by it is out of their call, unless the
         *     app keeps running calls. To replace one that was not lost, rotate it. Needs `keys:write`.
         */
        post: operations["revoke_app_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app_id}/keys/{key_id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace a signing key
         * @description A new key of the same kind signs from now on, the old one for `overlap_s` more. Who came by the
         *     old one stays in their call. Needs `keys:write`.
         */
        post: operations["rotate_app_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app_id}/keys/{key_id}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show the secret of a signing key
         * @description Of one that signs and has a secret. Needs a proof of who you are (`/v1/me/proof`); the audit
         *     tells who looked. Needs `keys:write`.
         */
        post: operations["show_app_key_secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app_id}/prepared_rooms/{room}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show how a room is prepared
         * @description `room_not_prepared` when its next call begins as in any other room. Needs `rooms:read`.
         */
        get: operations["show_prepared_room"];
        put?: never;
        post?: never;
        /**
         * Take back what a room was prepared for
         * @description The next call of the room begins as in any other room. Needs `rooms:write`.
         */
        delete: operations["delete_prepared_room"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app_id}/recording_storage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show where recordings of an app lie
         * @description Without the secret of its key. Needs `storage:read`.
         */
        get: operations["show_recording_storage"];
        /**
         * Choose where recordings of an app lie
         * @description Recordings that begin from now on go there; those that exist stay where they are. It is tried
         *     first with a small object, which is put, listed, read and deleted: `storage_refused` and
         *     `storage_unreachable` say in `detail` what went wrong, and nothing is changed. Needs
         *     `storage:write`.
         */
        put: operations["update_recording_storage"];
        post?: never;
        /**
         * Let an app use the storage of the platform
         * @description Recordings that lie in its own bucket stay there, can be played and are removed there when their
         *     time is over. Needs `storage:write`.
         */
        delete: operations["remove_recording_storage"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app_id}/recording_storage/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Test the storage of an app
         * @description As it is set, with a small object that is put, listed, read and deleted. `storage_refused` and
         *     `storage_unreachable` say in `detail` what went wrong; `not_found` where the app has no storage
         *     of its own. Needs `storage:write`.
         */
        post: operations["check_recording_storage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app_id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take the deletion of an app back
         * @description It is as it was before. Needs `apps:write`.
         */
        post: operations["restore_app"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app_id}/rooms/{room}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the running call of a room
         * @description `room_unknown` when there is none. Needs `rooms:read`.
         */
        get: operations["show_room"];
        /**
         * Prepare a room
         * @description Sets what the next call of the room begins with, in place of what was prepared before. It holds
         *     until a call has begun so, also over a restart. While a call is running: `room_is_live`. Where a
         *     password should be kept and nothing is prepared: `room_not_prepared`. Needs `rooms:write`.
         */
        put: operations["prepare_room"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app_id}/rooms/{room}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End the call of a room
         * @description For everybody. The next who joins begins another call. Needs `rooms:write`.
         */
        post: operations["end_room"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app_id}/rooms/{room}/lobby": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Switch the lobby of a room
         * @description In the running call. Moderators never wait. Needs `rooms:write`.
         */
        post: operations["switch_lobby"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app_id}/rooms/{room}/lock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Lock a room
         * @description Newcomers of the running call are asked for the password; moderators are not. `null` opens it.
         *     Needs `rooms:write`.
         */
        post: operations["lock_room"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app_id}/rooms/{room}/message": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Write to everybody in a room
         * @description In the chat, under the name of the app. Needs `rooms:write`.
         */
        post: operations["send_room_message"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app_id}/rooms/{room}/participants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List who is in a room now
         * @description In the order of joining, then those who wait in the lobby; the whole list. Needs `rooms:read`.
         */
        get: operations["list_room_participants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app_id}/rooms/{room}/participants/{participant_id}/admit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let somebody in who waits
         * @description `remove` turns them away. Needs `rooms:write`.
         */
        post: operations["admit_participant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app_id}/rooms/{room}/participants/{participant_id}/message": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Write to one person in a room
         * @description In the chat, under the name of the app; nobody else reads it. Needs `rooms:write`.
         */
        post: operations["send_participant_message"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app_id}/rooms/{room}/participants/{participant_id}/mute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mute somebody
         * @description Closes one source; they are told and may open it again. Needs `rooms:write`.
         */
        post: operations["mute_participant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app_id}/rooms/{room}/participants/{participant_id}/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove somebody from a room
         * @description Out of the call, or out of its lobby. Needs `rooms:write`.
         */
        post: operations["remove_participant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app_id}/rooms/{room}/recordings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Record the call of a room
         * @description It waits until a recorder is free, mostly for less than a second; people in the call see it from
         *     then on. A call is recorded once in each kind. Needs `recordings:write`.
         */
        post: operations["start_recording"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app_id}/stream_targets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the targets that an app has stored for streams
         * @description The oldest first. Needs `recordings:read`.
         */
        get: operations["list_stream_targets"];
        put?: never;
        /**
         * Store a target for streams
         * @description Streams are sent to it by its id; its key is kept encrypted and shown to nobody. Needs
         *     `recordings:write`.
         */
        post: operations["create_stream_target"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app_id}/stream_targets/{target_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Forget a stored target
         * @description Streams that are running go on. Needs `recordings:write`.
         */
        delete: operations["delete_stream_target"];
        options?: never;
        head?: never;
        /**
         * Change a stored target
         * @description Streams that are running go on as they are. Needs `recordings:write`.
         */
        patch: operations["update_stream_target"];
        trace?: never;
    };
    "/v1/apps/{app_id}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a join token
         * @description Signed with a key of the app, for trying things out and for back ends that do not sign
         *     themselves. Needs `tokens:create`.
         */
        post: operations["create_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app_id}/tokens/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check a join token
         * @description As at a join to this app, but nothing is used up: what would be refused, and what the token
         *     says. Limits of calls are not looked at. A key that was made just now is known after a second.
         *     Needs `tokens:create`.
         */
        post: operations["check_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List who changed what
         * @description The newest first. Acts of the operator that concern the tenant are among them. Needs
         *     `audit:read`.
         */
        get: operations["list_audit_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the calls
         * @description The newest first; with an API key, those of its own app. Needs `calls:read`.
         */
        get: operations["list_calls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/calls/{call_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a call
         * @description Needs `calls:read`.
         */
        get: operations["show_call"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/calls/{call_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what happened in a call
         * @description Switched sources, lost connections, roles, names and waiting in the lobby, the oldest first.
         *     Joins and leaves stand with the participants. Needs `calls:read`.
         */
        get: operations["list_call_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/calls/{call_id}/participants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List who was in a call
         * @description In the order of their first join, all on one page. Needs `calls:read`.
         */
        get: operations["list_call_participants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/calls/{call_id}/quality": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show how the media of a call was
         * @description Clients measure every ten seconds. A track has at most 60 points, 360 when one participant is
         *     asked for; in longer calls a point is the mean of several measurements. Needs `calls:read`.
         */
        get: operations["show_call_quality"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/calls/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the calls
         * @description The same rows as in the list of calls, all of them. Needs `calls:read`.
         */
        get: operations["export_calls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/first_login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Become the first operator
         * @description Makes the first operator and logs in. The token, from the link that the server printed, works
         *     once.
         */
        post: operations["create_first_operator"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invitation_links/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept an invitation
         * @description Somebody new gives a name and a password and is logged in by the answer's cookie. Somebody who
         *     has a login is logged in with the invited address and gives only the token.
         */
        post: operations["accept_invitation_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invitation_links/show": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Show what a link invites to */
        post: operations["show_invitation_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List open invitations
         * @description The newest first; those that are too old are among them. Needs `members:write`.
         */
        get: operations["list_invitations"];
        put?: never;
        /**
         * Invite somebody
         * @description The link works once and for seven days; an open invitation of the same address is replaced.
         *     Needs `members:write`; only an owner invites owners.
         */
        post: operations["create_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invitations/{invitation_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an invitation
         * @description Its link is void from now on. Needs `members:write`.
         */
        post: operations["cancel_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invitations/{invitation_id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an invitation again
         * @description With a new link; the old one is void. Needs `members:write`; only an owner invites owners.
         */
        post: operations["resend_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in
         * @description Begins a session, which the answer's cookie carries. Whether the address or the password was
         *     wrong is told neither by the answer nor by the time it takes. Somebody with a second factor is
         *     told `second_factor_required` and sends the same again with `code`.
         */
        post: operations["create_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log out
         * @description Ends the session on the server and makes the browser forget it.
         */
        post: operations["end_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show who is logged in */
        get: operations["show_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change the own name and language */
        patch: operations["update_me"];
        trace?: never;
    };
    "/v1/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change the own password
         * @description Every other session of the person ends.
         */
        post: operations["change_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/proof": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prove who you are
         * @description With the password or a code. For ten minutes secrets can be seen and the login itself changed;
         *     without it such operations answer `proof_required`. A login counts as well.
         */
        post: operations["confirm_identity"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/second_factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enrol a second factor
         * @description Gives a secret for an authenticator app. It counts only once a code of the app confirmed it.
         *     Needs a proof of who you are.
         */
        post: operations["enrol_second_factor"];
        /**
         * Disable the second factor
         * @description From now on the password is enough. Needs a proof of who you are.
         */
        delete: operations["disable_second_factor"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/second_factor/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm the second factor
         * @description From now on a login needs a code. The answer shows recovery codes, once.
         */
        post: operations["confirm_second_factor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/second_factor/recovery_codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace the recovery codes
         * @description The old ones are void. Needs a proof of who you are.
         */
        post: operations["rotate_recovery_codes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the own sessions
         * @description All of them, the newest first.
         */
        get: operations["list_sessions"];
        put?: never;
        post?: never;
        /**
         * End every other session
         * @description The one that asks goes on.
         */
        delete: operations["revoke_other_sessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End a session */
        delete: operations["revoke_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the members
         * @description The oldest first. Needs `members:read`.
         */
        get: operations["list_members"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a member
         * @description The person keeps their login and their other tenants. Needs `members:write`; only an owner
         *     removes owners, and the last one stays.
         */
        delete: operations["delete_member"];
        options?: never;
        head?: never;
        /**
         * Change a member's role
         * @description Needs `members:write`; only an owner makes or unmakes owners, and the last one stays.
         */
        patch: operations["update_member"];
        trace?: never;
    };
    "/v1/oidc/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Accept a login from an identity provider
         * @description For browsers: leads to the dashboard with the cookie of a session, or to its login page with
         *     `problem`, the code of the refusal.
         */
        get: operations["accept_identity_login"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/oidc/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a login at an identity provider
         * @description The answer's cookie ties it to this browser. The provider sends the browser back to
         *     `/v1/oidc/callback`, which begins the session and leads to `next`. `identity_provider_unknown`
         *     says that the address logs in with a password.
         */
        post: operations["start_identity_login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/apps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the apps of the platform
         * @description The oldest first.
         */
        get: operations["list_operator_apps"];
        put?: never;
        /**
         * Make an app for a tenant
         * @description With its first signing key.
         */
        post: operations["create_operator_app"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/apps/{app_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change what an app may use
         * @description Trial or production, its limits, its own domain, and whether it takes joins. Calls follow within
         *     ten seconds.
         */
        patch: operations["update_operator_app"];
        trace?: never;
    };
    "/v1/operator/apps/{app_id}/recording_slots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set how much of the recorders an app may use
         * @description Holds at once for what waits and what is asked for from now on; what is recorded goes on. All
         *     guarantees together stay within seven tenths of the recorders that are connected, and of several
         *     recorders within what is left beside the largest gaps: `guarantees_too_large` says how much can
         *     be guaranteed to this app.
         */
        put: operations["update_recording_slots"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List who changed what on the platform
         * @description The newest first.
         */
        get: operations["list_operator_audit_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show whether calls can work
         * @description Looks at everything that `jumpa doctor` looks at, at this moment: settings, data folder,
         *     database, ports, addresses, clock; and at the disks of the recorders. May take some seconds.
         */
        get: operations["show_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/identity_providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the identity providers
         * @description The oldest first.
         */
        get: operations["list_identity_providers"];
        put?: never;
        /**
         * Add an identity provider
         * @description Its discovery document is read first; `identity_provider_unreachable` says that this failed.
         *     Register `/v1/oidc/callback` of this server with the provider.
         */
        post: operations["create_identity_provider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/identity_providers/{identity_provider_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove an identity provider
         * @description Whoever logged in by it stays logged in. People whom it made get in by a password reset.
         */
        delete: operations["delete_identity_provider"];
        options?: never;
        head?: never;
        /** Change an identity provider */
        patch: operations["update_identity_provider"];
        trace?: never;
    };
    "/v1/operator/mails": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the mails
         * @description The newest first. Where this server sends no mails they stay pending.
         */
        get: operations["list_mails"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/mails/{mail_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a mail again
         * @description One that failed, or one that waits for its next attempt, at once.
         */
        post: operations["retry_mail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the servers */
        get: operations["list_nodes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/nodes/{node_id}/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a server out of service
         * @description It starts no calls: who wants to is told `server_draining`. Running calls go on and take
         *     newcomers. Holds until it is taken back, or the server is started again.
         */
        post: operations["drain_node"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/nodes/{node_id}/undrain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a server into service again */
        post: operations["undrain_node"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/recorders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the recorders
         * @description Each recorder with what it is at, what waits for one, and how much of them apps may use.
         */
        get: operations["show_recording_fleet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/recorders/{recorder_id}/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a recorder out of service
         * @description It gets no more recordings; those that it has go on. Holds until it is taken back, also over a
         *     restart of the recorder or the server.
         */
        post: operations["drain_recorder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/recorders/{recorder_id}/undrain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a recorder into service again */
        post: operations["undrain_recorder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/recording_storage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show where recordings lie
         * @description Of apps that have no storage of their own; without the secret of its key.
         */
        get: operations["show_platform_recording_storage"];
        /**
         * Choose where recordings lie
         * @description Of apps that have no storage of their own, from now on; those that exist stay where they are. It
         *     is tried first with a small object, which is put, listed, read and deleted: `storage_refused` and
         *     `storage_unreachable` say in `detail` what went wrong, and nothing is changed.
         */
        put: operations["update_platform_recording_storage"];
        post?: never;
        /**
         * Let recordings lie in the folder of the server
         * @description As they are, from now on. Recordings in the bucket of before stay there, can be played and are
         *     removed there when their time is over.
         */
        delete: operations["remove_platform_recording_storage"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/recording_storage/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Test the storage of recordings
         * @description As it is set, with a small object that is put, listed, read and deleted. `storage_refused` and
         *     `storage_unreachable` say in `detail` what went wrong.
         */
        post: operations["check_platform_recording_storage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/rooms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the rooms with a running call
         * @description Of every tenant, the newest first.
         */
        get: operations["list_operator_rooms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the settings
         * @description Choices for the whole platform, and what the running server was started with. Passwords and
         *     keys are never shown.
         */
        get: operations["show_settings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change the settings
         * @description They hold at once: new apps take the new limits, apps that exist keep theirs.
         */
        patch: operations["update_settings"];
        trace?: never;
    };
    "/v1/operator/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the tenants
         * @description The newest first.
         */
        get: operations["list_operator_tenants"];
        put?: never;
        /**
         * Make a tenant
         * @description With its owner's invitation and its first app in one go: all of it or nothing.
         */
        post: operations["create_tenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/tenants/{tenant_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a tenant
         * @description Deleted ones as well.
         */
        get: operations["show_operator_tenant"];
        put?: never;
        post?: never;
        /**
         * Delete a tenant
         * @description Its apps take no joins within seconds and its people do not see it any more. For 30 days it can
         *     be restored.
         */
        delete: operations["delete_tenant"];
        options?: never;
        head?: never;
        /** Change a tenant */
        patch: operations["update_operator_tenant"];
        trace?: never;
    };
    "/v1/operator/tenants/{tenant_id}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a tenant's members
         * @description The oldest first.
         */
        get: operations["list_operator_members"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/tenants/{tenant_id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore a tenant
         * @description Takes a deletion back.
         */
        post: operations["restore_tenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/tenants/{tenant_id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a tenant
         * @description Takes a suspension back.
         */
        post: operations["resume_tenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/tenants/{tenant_id}/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Suspend a tenant
         * @description Its apps take no joins within seconds, and its people may only look.
         */
        post: operations["suspend_tenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/tenants/{tenant_id}/view": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start to look at a tenant
         * @description For an hour this session reads what the tenant's owner reads, by `X-Jumpa-Tenant`, and changes
         *     nothing (`view_only`). It stands in the audit of the tenant.
         */
        post: operations["start_tenant_view"];
        /** End the look at a tenant */
        delete: operations["end_tenant_view"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/test_mail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test mail
         * @description At once and past the outbox; the answer says what the mail server said. `mail_unconfigured`
         *     says that this server sends no mails: `[mail]` of its configuration is empty.
         */
        post: operations["send_test_mail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what tenants used in a month
         * @description The one with the most participant minutes first, all on one page; those that used nothing are
         *     left out.
         */
        get: operations["list_tenant_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/usage/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export what tenants used in a month
         * @description The same rows as in the list.
         */
        get: operations["export_tenant_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List everybody who logs in
         * @description By e-mail address.
         */
        get: operations["list_users"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/users/{user_id}/reset_second_factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reset somebody's second factor
         * @description From now on their password is enough, until they enrol again. Needs a proof of who you are.
         */
        post: operations["reset_second_factor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/webhook_failures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the webhooks that fail
         * @description Of every tenant, those that fail longest first, with those that were paused for it.
         */
        get: operations["list_webhook_failures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show usage and quality at a glance
         * @description Numbers are of this moment and right to the second. Needs `usage:read`.
         */
        get: operations["show_overview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/password_resets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a link to choose a new password
         * @description The answer is the same whether there is such a person or not.
         */
        post: operations["request_password_reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/password_resets/use": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Choose a new password
         * @description With the token of the link. Every session of the person ends; a second factor stays.
         */
        post: operations["reset_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/prepared_rooms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the prepared rooms
         * @description Those that are waiting for a call, the newest first: a room that a call has begun in, or whose
         *     time is over, is not prepared any more. With an API key, those of its app. Needs `rooms:read`.
         */
        get: operations["list_prepared_rooms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/public/apps/{app_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show what everybody may know of an app
         * @description What the page before a call needs to know. Answered without a login and without the database.
         */
        get: operations["show_public_app"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/public/domains": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show whose a domain is
         * @description Answered with 404 for every name that is no own domain of an app. A proxy asks here before it
         *     gets a certificate (`ask` of Caddy's on-demand TLS). Answered without a login and without the
         *     database.
         */
        get: operations["show_public_domain"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/public/platform": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show what everybody may know of the platform
         * @description Its name and language, and where people ask for help.
         */
        get: operations["show_public_platform"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ratings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rate a call
         * @description Stores what a participant thought of the call; a second rating replaces the first.
         */
        post: operations["create_rating"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recording_files/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a file of a recording
         * @description With a token from `create_recording_file_link` or `show_shared_recording`. `Range` gives a part
         *     (206).
         */
        get: operations["show_recording_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recording_links/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a shared recording
         * @description To whoever has its link, without a login. That it was opened is kept with who looked at the
         *     recording.
         */
        get: operations["show_shared_recording"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recordings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the recordings
         * @description The newest first; with an API key, those of its own app. Needs `recordings:read`.
         */
        get: operations["list_recordings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recordings/{recording_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a recording
         * @description Needs `recordings:read`.
         */
        get: operations["show_recording"];
        put?: never;
        post?: never;
        /**
         * Delete a recording
         * @description One that is over and not under legal hold. For seven days it can be restored, then its files are
         *     removed for good. Needs `recordings:delete`.
         */
        delete: operations["delete_recording"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recordings/{recording_id}/evidence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the evidence of a recording
         * @description One JSON file: facts, checksums of all files, who was in the call and when, who agreed, who
         *     looked at it. Needs `recordings:play`.
         */
        get: operations["export_recording_evidence"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recordings/{recording_id}/files/{file_id}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a link to a file of a recording
         * @description It works for 15 minutes; that it was made is kept with who looked at the recording. Needs
         *     `recordings:play`.
         */
        post: operations["create_recording_file_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recordings/{recording_id}/legal_hold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Put a recording under legal hold, or release it
         * @description Held, it cannot be deleted, and its age does not end it. Needs `recordings:delete`.
         */
        put: operations["switch_recording_hold"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recordings/{recording_id}/links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Share a recording
         * @description Whoever has the link sees the recording without a login until it is over or revoked. Needs
         *     `recordings:write`.
         */
        post: operations["create_recording_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recordings/{recording_id}/links/{link_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a link to a recording
         * @description Needs `recordings:write`.
         */
        delete: operations["revoke_recording_link"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recordings/{recording_id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore a deleted recording
         * @description Within seven days. Needs `recordings:delete`.
         */
        post: operations["restore_recording"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recordings/{recording_id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a recording
         * @description Its recorder leaves the call and completes the files. One that waits is cancelled; one that is
         *     stopped already stays as it is. Needs `recordings:write`.
         */
        post: operations["stop_recording"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recordings/{recording_id}/targets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Send a running stream to other targets
         * @description Targets that are not named end; the others and the file go on undisturbed. To end them all, stop
         *     the recording. Needs `recordings:write`.
         */
        put: operations["change_recording_targets"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recordings/{recording_id}/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Verify a recording
         * @description Reads every file again and compares its SHA-256 with the one that was stored when it was
         *     recorded. The result stays with the files. Needs `recordings:play`.
         */
        post: operations["verify_recording"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recordings/{recording_id}/views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List who looked at a recording
         * @description The newest first: links to files, opened links of people without a login, bundles of evidence.
         *     Needs `recordings:read`.
         */
        get: operations["list_recording_views"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recordings/quota": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show how much is recorded and kept
         * @description For each app that was not deleted, all on one page. Needs `recordings:read`.
         */
        get: operations["show_recording_quota"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rooms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the rooms with a running call
         * @description The newest first; with an API key, those of its app. Needs `rooms:read`.
         */
        get: operations["list_rooms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tenant": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the tenant
         * @description Needs `tenant:read`.
         */
        get: operations["show_tenant"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change the tenant
         * @description Needs `tenant:write`.
         */
        patch: operations["update_tenant"];
        trace?: never;
    };
    "/v1/tenant/identity_providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the identity providers of the tenant
         * @description The oldest first; those who run the platform set them up. Needs `tenant:read`.
         */
        get: operations["list_tenant_identity_providers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show usage by day or month
         * @description A row for each app and period in which it was used, the oldest first. Needs `usage:read`.
         */
        get: operations["show_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/usage/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export usage by day or month
         * @description The same rows as shown. Needs `usage:read`.
         */
        get: operations["export_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/usage/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the limits and what is used of them
         * @description For each app that was not deleted, as of this moment, all on one page. An app whose minutes are
         *     used up takes no joins within a minute. Needs `usage:read`.
         */
        get: operations["list_usage_limits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook_deliveries/{delivery_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a delivery
         * @description With the body of its request and every attempt. Needs `webhooks:read`.
         */
        get: operations["show_webhook_delivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook_deliveries/{delivery_id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deliver once more
         * @description At once, whatever became of it before, and again for a day if it is not taken. Needs
         *     `webhooks:write`.
         */
        post: operations["resend_webhook_delivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the webhooks
         * @description The oldest first; with an API key, those of its app alone. Needs `webhooks:read`.
         */
        get: operations["list_webhooks"];
        put?: never;
        /**
         * Make a webhook
         * @description Its address is called for each event. Needs `webhooks:write`.
         */
        post: operations["create_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a webhook
         * @description Needs `webhooks:read`.
         */
        get: operations["show_webhook"];
        put?: never;
        post?: never;
        /**
         * Delete a webhook
         * @description With the log of what was delivered to it. Needs `webhooks:write`.
         */
        delete: operations["delete_webhook"];
        options?: never;
        head?: never;
        /**
         * Change a webhook
         * @description Needs `webhooks:write`.
         */
        patch: operations["update_webhook"];
        trace?: never;
    };
    "/v1/webhooks/{webhook_id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the deliveries of a webhook
         * @description The newest first; they are kept for 30 days. Needs `webhooks:read`.
         */
        get: operations["list_webhook_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook_id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a webhook
         * @description It is called again, beginning with what waits. Needs `webhooks:write`.
         */
        post: operations["resume_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook_id}/rotate_secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace the secret of a webhook
         * @description For 24 hours requests carry two signatures, one by the old secret. Needs `webhooks:write`.
         */
        post: operations["rotate_webhook_secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook_id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test event
         * @description An event `webhook.test`, at once and also while the webhook is paused. Look at the delivery for
         *     how it went. Needs `webhooks:write`.
         */
        post: operations["send_test_event"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description The request. */
        AcceptInvitationLink: {
            /**
             * @description Who has no login yet gives a name and a password; who has one is logged in and gives
             *     neither.
             * @example Rina
             */
            name?: string | null;
            password?: string | null;
            /** @description From the link. */
            token: string;
        };
        /** @description A key for the API. */
        ApiKey: {
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-22T04:30:00Z
             */
            created_at: string;
            id: components["schemas"]["ApiKeyId"];
            /**
             * Format: date-time
             * @description To a few minutes.
             */
            last_used_at: string | null;
            /** @example Kasir */
            name: string;
            /**
             * @description How its secret begins, by which people tell keys apart.
             * @example jumpa_api_x7Kq
             */
            prefix: string;
        };
        /**
         * @description A key with which the back end of an app calls the API.
         * @example apk_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f
         */
        ApiKeyId: string;
        /** @description One product of a tenant. */
        App: {
            /** @description Whether a token may name every room with `*`, or many by a pattern. */
            allows_any_room: boolean;
            auto_record: components["schemas"]["AutoRecord"] | null;
            branding: components["schemas"]["Branding"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-22T04:30:00Z
             */
            created_at: string;
            /** Format: date-time */
            deleted_at: string | null;
            environment: components["schemas"]["Environment"];
            features: components["schemas"]["Features"];
            guests: components["schemas"]["GuestPolicy"];
            id: components["schemas"]["AppId"];
            /** @description A disabled app takes no joins. */
            is_disabled: boolean;
            /** @description Whether people stay in their call when the app is disabled or their key is revoked. */
            keeps_running_calls: boolean;
            limits: components["schemas"]["AppLimits"];
            /** @example Toko Melati */
            name: string;
            /** @description Whether a token with a `jti` may join only once. */
            one_time_tokens: boolean;
            /**
             * @description Pages that may embed its calls, `https://melati.example` or `https://*.melati.example`.
             *     When empty, none may.
             * @example [
             *       "https://melati.example"
             *     ]
             */
            origins: string[];
            /**
             * Format: date-time
             * @description When the keys and settings of a deleted app are erased.
             */
            purge_at: string | null;
            /** @description Whether there is no call without a recording. */
            recording_required: boolean;
            status: components["schemas"]["AppStatus"];
            /** @description Whether tokens may come without `kid`, as those of Jitsi's own server do. */
            takes_tokens_without_key_id: boolean;
        };
        /**
         * @description The public name of an app.
         * @example klinik-sehat-k3x9q
         */
        AppId: string;
        /** @description A key that signs join tokens. */
        AppKey: {
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-22T04:30:00Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description Until when a key that was replaced signs.
             */
            expires_at: string | null;
            /** @description The `kid` of join tokens. */
            id: components["schemas"]["KeyId"];
            kind: components["schemas"]["KeyKind"];
            /**
             * Format: date-time
             * @description When a token of it was last used, to about ten seconds.
             */
            last_used_at: string | null;
            /** @description The public half of a key that the tenant keeps, PEM. */
            public_key: string | null;
            status: components["schemas"]["KeyStatus"];
        };
        /** @description The answer. */
        AppKeySecret: {
            /** @description The secret as it is: its characters are the key. */
            secret: string;
        };
        /** @description How much an app may use; null is without limit. */
        AppLimits: {
            /**
             * Format: int64
             * @description Most calls at a time.
             */
            max_calls: number | null;
            /**
             * Format: int32
             * @description Most participants in one call.
             */
            max_participants: number;
            /**
             * Format: int64
             * @description Most minutes of all participants together in a month of the tenant's time zone.
             */
            minutes_per_month: number | null;
            /**
             * Format: int64
             * @description Most recordings at a time.
             */
            recordings_at_once: number | null;
            /**
             * Format: int64
             * @description How long calls and recordings are kept, days.
             */
            retention_days: number | null;
            /**
             * Format: int64
             * @description Most bytes of recordings that are kept.
             */
            storage_bytes: number | null;
        };
        /** @description How much of the recorders an app may use, and how much it uses. */
        AppRecordingSlots: components["schemas"]["RecordingSlots"] & {
            app_id: components["schemas"]["AppId"];
            /** @example Klinik Sehat */
            app_name: string;
            tenant_id: components["schemas"]["TenantId"];
        };
        /**
         * @description Whether an app takes joins.
         * @enum {string}
         */
        AppStatus: "active" | "disabled" | "deleted";
        /** @description The limits of an app. */
        AppUsageLimits: {
            app_id: components["schemas"]["AppId"];
            /** @example Klinik Sehat */
            app_name: string;
            limits: components["schemas"]["UsageLimit"][];
        };
        /**
         * @description What kind of somebody acted.
         * @enum {string}
         */
        AuditActorKind: "user" | "operator" | "api_key" | "system";
        /** @description One act. */
        AuditEvent: {
            /**
             * @description Noun and past participle.
             * @example member.role_changed
             */
            action: string;
            /** @description The public id of who acted. */
            actor_id: string | null;
            /** @description `user`, `operator`, `api_key` or `system`. */
            actor_kind: components["schemas"]["AuditActorKind"];
            /**
             * @description Their e-mail address or name at that moment.
             * @example rina@melati.example
             */
            actor_name: string;
            /**
             * @description From which network address.
             * @example 192.0.2.7
             */
            address: string | null;
            /** @description What it became. */
            after: Record<string, never> | null;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            at: string;
            /** @description What it was, as far as it changed. */
            before: Record<string, never> | null;
            id: components["schemas"]["AuditEventId"];
            request_id: string | null;
            target_id: string;
            /** @example user */
            target_kind: string;
            tenant_id: components["schemas"]["TenantId"] | null;
        };
        /**
         * @description A line of the audit.
         * @example aud_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f
         */
        AuditEventId: string;
        /** @description How calls are recorded from their beginning, without anybody asking for it. */
        AutoRecord: components["schemas"]["RecordingOptions"] & {
            /** @description Of a stream: stored targets that it is sent to. */
            target_ids?: components["schemas"]["StreamTargetId"][];
        };
        /** @description How calls are recorded from their beginning. */
        AutoRecordRequest: {
            compose?: components["schemas"]["ComposeTime"] | null;
            fallback?: components["schemas"]["RecordingFallback"] | null;
            /** @description Of a composite or a stream: whether names stand on the tiles; they do when it is left out. */
            has_names?: boolean | null;
            /**
             * Format: int32
             * @description Of a composite or a stream: its height in pixels, 720 or 1080; 720 when it is left out.
             */
            height?: number | null;
            kind: components["schemas"]["RecordingKind"];
            layout?: components["schemas"]["RecordingLayout"] | null;
            /** @description Of a stream: targets that the app has stored. */
            target_ids?: components["schemas"]["StreamTargetId"][];
        };
        /** @description A ban of somebody. */
        Ban: {
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-22T04:30:00Z
             */
            created_at: string;
            /**
             * @description An e-mail address, or the name of an API key.
             * @example rina@melati.example
             */
            created_by: string;
            id: components["schemas"]["BanId"];
            /** @description Why, for those who look at it later. */
            reason: string | null;
            /**
             * @description Whom: what their tokens say in `sub` (`context.user.id` in Jitsi's).
             * @example kasir-7
             */
            subject: string;
            /**
             * Format: date-time
             * @description When it ends; null is never.
             */
            until: string | null;
        };
        /**
         * @description A ban of somebody from an app.
         * @example ban_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f
         */
        BanId: string;
        /** @description What the call page shows of its app in place of the server's own look; what is absent stays. */
        Branding: {
            /**
             * @description Colour of buttons and links, `#rrggbb`.
             * @default null
             * @example #0b7a75
             */
            accent_color: string | null;
            /**
             * @description Colour behind the page, `#rrggbb`.
             * @default null
             * @example #10201f
             */
            background_color: string | null;
            /**
             * @description The name that callers read in place of the app's.
             * @default null
             * @example Toko Melati
             */
            display_name: string | null;
            /**
             * @description Address of a picture, https.
             * @default null
             * @example https://melati.example/logo.svg
             */
            logo_url: string | null;
            /**
             * @description The host name that links into rooms lead to; it has to lead to this server.
             * @default null
             * @example call.melati.example
             */
            own_domain: string | null;
            /**
             * @description What callers read before they join.
             * @default null
             * @example Selamat datang
             */
            welcome_text: string | null;
        };
        /** @description The app's own look. */
        BrandingChange: {
            /**
             * @description Colour of buttons and links, `#rrggbb`.
             * @example #0b7a75
             */
            accent_color?: string | null;
            /**
             * @description Colour behind the page, `#rrggbb`.
             * @example #10201f
             */
            background_color?: string | null;
            /**
             * @description The name that callers read in place of the app's.
             * @example Toko Melati
             */
            display_name?: string | null;
            /**
             * @description Address of a picture, https.
             * @example https://melati.example/logo.svg
             */
            logo_url?: string | null;
            /**
             * @description The host name that links into rooms lead to; it has to lead to this server, and belongs to
             *     one app alone.
             * @example call.melati.example
             */
            own_domain?: string | null;
            /**
             * @description What callers read before they join.
             * @example Selamat datang
             */
            welcome_text?: string | null;
        };
        /** @description A call. */
        Call: {
            app_id: components["schemas"]["AppId"];
            /**
             * Format: int64
             * @description Until now while it goes on.
             */
            duration_s: number;
            end_reason: components["schemas"]["CallLeaveReason"] | null;
            /**
             * Format: date-time
             * @description When the last one left; null while it goes on.
             */
            ended_at: string | null;
            id: components["schemas"]["CallId"];
            is_live: boolean;
            /**
             * Format: double
             * @description Time of all participants together, minutes with two decimals.
             * @example 12.25
             */
            participant_minutes: number;
            /**
             * Format: int64
             * @description Different participants.
             */
            participants: number;
            /**
             * Format: int64
             * @description Most participants at once.
             */
            peak_participants: number;
            quality: components["schemas"]["CallQuality"];
            /** @example ruang-1 */
            room: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            started_at: string;
        };
        /** @description A call with what its participants said of it. */
        CallDetail: components["schemas"]["Call"] & {
            rating: components["schemas"]["CallRating"];
        };
        /** @description Something that happened to a participant. */
        CallEvent: {
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            at: string;
            /** @description `source` and `state`; `connection`; `role`; `name`; `is_admitted`. */
            detail: Record<string, never>;
            /** @example evt_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f */
            id: string;
            kind: components["schemas"]["CallEventKind"];
            participant_id: components["schemas"]["ParticipantId"];
        };
        /**
         * @description What happened to somebody in a call.
         * @enum {string}
         */
        CallEventKind: "source_changed" | "connection_changed" | "role_changed" | "name_changed" | "lobby_entered" | "lobby_left";
        /**
         * @description One occurrence in a room, first join to last leave.
         * @example call_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f
         */
        CallId: string;
        /**
         * @description Why somebody is no longer in a call, or why it ended.
         * @enum {string}
         */
        CallLeaveReason: "left" | "connection_lost" | "removed" | "call_ended" | "server_closing" | "access_revoked" | "server_lost";
        /** @description How the media of a call was. */
        CallMedia: {
            data: components["schemas"]["ParticipantQuality"][];
            /**
             * Format: int32
             * @description Version of the formula of the mean opinion score; scores of different versions are not to
             *     be compared.
             */
            mos_version: number;
        };
        /** @description Somebody who was in a call. */
        CallParticipant: {
            /** @example Chrome 156 */
            browser: string;
            /**
             * @description MIME types.
             * @example [
             *       "audio/opus",
             *       "video/VP8"
             *     ]
             */
            codecs: string[];
            /**
             * Format: int64
             * @description In the call altogether, until now for those who are in it.
             */
            duration_s: number;
            hints: components["schemas"]["QualityHint"][];
            /**
             * Format: double
             * @description Mean opinion score, 1 (bad) to 4.4.
             * @example 4.2
             */
            mos: number | null;
            /** @example Budi */
            name: string;
            /** @example Android */
            os: string;
            participant_id: components["schemas"]["ParticipantId"];
            quality: components["schemas"]["CallQuality"];
            /** @description `moderator` or `participant`, when they came. */
            role: components["schemas"]["CallRole"];
            /** @example jumpa-js 0.1.0 */
            sdk: string;
            /** @description From each join to its leave, the oldest first. */
            stays: components["schemas"]["CallStay"][];
            /**
             * @description Their id in your own system; null for guests.
             * @example pasien-7
             */
            subject: string | null;
            /**
             * @description `udp` or `tcp`.
             * @example udp
             */
            transport: string | null;
            /**
             * @description `signalling`, `whip` or `whep`.
             * @example signalling
             */
            via: string;
        };
        /**
         * @description How good the media was.
         * @enum {string}
         */
        CallQuality: "good" | "fair" | "poor" | "unknown";
        /** @description Stars that participants gave. */
        CallRating: {
            /**
             * Format: double
             * @description 1 (bad) to 5 (good); null when nobody gave any.
             */
            average: number | null;
            /**
             * Format: int64
             * @description How many gave some.
             */
            count: number;
        };
        /**
         * @description What somebody may do in a call.
         * @enum {string}
         */
        CallRole: "moderator" | "participant";
        /** @description From a join to its leave. */
        CallStay: {
            /** Format: date-time */
            joined_at: string;
            leave_reason: components["schemas"]["CallLeaveReason"] | null;
            /**
             * Format: date-time
             * @description Null while they are in.
             */
            left_at: string | null;
        };
        /** @description A track as its participant sent or received it. */
        CallTrack: {
            /**
             * @description MIME type.
             * @example audio/opus
             */
            codec: string | null;
            /** @description `sent` to the server or `received` from it. */
            direction: components["schemas"]["TrackDirection"];
            from_participant_id: components["schemas"]["ParticipantId"] | null;
            /** @description `audio` or `video`. */
            kind: components["schemas"]["TrackKind"];
            points: components["schemas"]["TrackPoint"][];
            source: components["schemas"]["TrackSource"] | null;
        };
        /** @description The request. */
        ChangePassword: {
            current_password: string;
            new_password: string;
        };
        /** @description The answer. */
        CheckedToken: {
            /** @description What the token claims, whether or not that is true; null where it cannot be read. */
            claims: Record<string, never> | null;
            /** @description What the token says of itself, whether or not that is true; null where it cannot be read. */
            header: Record<string, never> | null;
            /** @description Whether somebody with the token may join. */
            is_valid: boolean;
            problem: components["schemas"]["TokenProblem"] | null;
        };
        /** @description The request. */
        CheckToken: {
            room?: components["schemas"]["RoomName"] | null;
            token: string;
        };
        /** @description With what participants came. */
        ClientUsage: {
            /**
             * @description Without its version.
             * @example Chrome
             */
            browser: string;
            /** @example Android */
            os: string;
            /** Format: int64 */
            participants: number;
        };
        /**
         * @description When a composite is made.
         * @enum {string}
         */
        ComposeTime: "after_call" | "live";
        /** @description The request: one of the two. */
        ConfirmIdentity: {
            /**
             * @description Of the authenticator app, or a recovery code.
             * @example 123 456
             */
            code?: string | null;
            password?: string | null;
        };
        /** @description The request of the confirmation. */
        ConfirmSecondFactor: {
            /**
             * @description What the authenticator app shows.
             * @example 123 456
             */
            code: string;
        };
        /** @description The request. */
        CreateApiKey: {
            /**
             * @description What people call it.
             * @example Kasir
             */
            name: string;
        };
        /** @description The request. */
        CreateApp: {
            guests?: components["schemas"]["GuestPolicy"] | null;
            /**
             * @description The name that people read; the id is made from it.
             * @example Toko Melati
             */
            name: string;
        };
        /** @description The request. */
        CreateAppKey: {
            kind: components["schemas"]["KeyKind"];
            /** @description The public half, PEM or JWK, for every kind but `hs256`, whose secret the server makes. */
            public_key?: string | null;
        };
        /** @description The request. */
        CreateBan: {
            /** @description Why, for those who look at it later. */
            reason?: string | null;
            /**
             * @description Whom: what their tokens say in `sub` (`context.user.id` in Jitsi's).
             * @example kasir-7
             */
            subject: string;
            /**
             * Format: date-time
             * @description When it ends, RFC 3339; never when it is left out.
             */
            until?: string | null;
        };
        /** @description The answer. */
        CreatedApiKey: {
            api_key: components["schemas"]["ApiKey"];
            /** @description Shown here and never again: the server keeps a hash of it. */
            secret: string;
        };
        /** @description The answer. */
        CreatedApp: {
            app: components["schemas"]["OperatorApp"];
            key: components["schemas"]["CreatedKey"];
        };
        /** @description The first signing key of the app. */
        CreatedKey: {
            id: components["schemas"]["KeyId"];
            secret: string;
        };
        /** @description A link that was just made. */
        CreatedRecordingLink: {
            link: components["schemas"]["RecordingLink"];
            /**
             * @description Shown here and never again.
             * @example https://call.example/v1/recording_links/8NbQ5fR2…
             */
            url: string;
        };
        /** @description What was made. */
        CreatedTenant: {
            app: components["schemas"]["OperatorApp"] | null;
            invitation: components["schemas"]["SentInvitation"] | null;
            key: components["schemas"]["CreatedKey"] | null;
            tenant: components["schemas"]["OperatorTenant"];
        };
        /** @description The answer. */
        CreatedToken: {
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-22T05:30:00Z
             */
            expires_at: string;
            token: string;
            /** @description Opens the room with the token; null for a token of every room. */
            url: string | null;
        };
        /** @description A webhook that was just made. */
        CreatedWebhook: {
            /**
             * @description Signs requests. Shown here and never again.
             * @example whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD
             */
            secret: string;
            webhook: components["schemas"]["Webhook"];
        };
        /** @description What a file is wanted for. */
        CreateFileLink: {
            /** @description Whether browsers save the file in place of showing it. */
            is_download?: boolean;
        };
        /** @description The request. */
        CreateIdentityProvider: {
            /** @example jumpa */
            client_id: string;
            client_secret: string;
            /**
             * @description Whose e-mail addresses it answers for.
             * @example [
             *       "melati.example"
             *     ]
             */
            domains: string[];
            /**
             * @description The address below which its discovery document stands.
             * @example https://login.melati.example
             */
            issuer: string;
            /** @example Akun Toko Melati */
            name: string;
            new_role?: components["schemas"]["Role"] | null;
            tenant_id?: components["schemas"]["TenantId"] | null;
        };
        /** @description The request. */
        CreateInvitation: {
            /** @example rina@melati.example */
            email: string;
            language?: components["schemas"]["Language"] | null;
            /** @description What the person becomes. */
            role: components["schemas"]["Role"];
        };
        /** @description The request. */
        CreateOperatorApp: {
            environment?: components["schemas"]["Environment"] | null;
            guests?: components["schemas"]["GuestPolicy"] | null;
            /**
             * @description The name that people read, 1 to 80 characters.
             * @example Toko Melati
             */
            name: string;
            tenant_id?: components["schemas"]["TenantId"] | null;
        };
        /** @description The request. */
        CreateRating: {
            /** @description In the participant's own words, at most 1,000 characters. */
            comment?: string | null;
            /** @description From `joined`. */
            rating_token: string;
            /**
             * @description What was bad, as names like `echo`.
             * @example [
             *       "echo"
             *     ]
             */
            reasons?: string[];
            /**
             * Format: int32
             * @description 1 (bad) to 5 (good).
             * @example 4
             */
            stars: number;
        };
        /** @description A link to be made. */
        CreateRecordingLink: {
            /**
             * Format: int64
             * @description How long it can be used, seconds.
             * @example 86400
             */
            expires_in_s: number;
        };
        /** @description A target to be stored, with a preset or an address. */
        CreateStreamTarget: {
            /**
             * @description The stream key. It is never shown again.
             * @example abcd-efgh-1234
             */
            key: string;
            /**
             * @description How people call it; the preset's name or the host of its address when it is left out.
             * @example Kanal klinik
             */
            name?: string | null;
            preset?: components["schemas"]["StreamPreset"] | null;
            /**
             * @description `rtmp://` or `rtmps://` with the application, without the key.
             * @example rtmps://live.klinik.example/app
             */
            url?: string | null;
            /**
             * @description Where viewers see the stream; everybody in the call is shown it.
             * @example https://youtu.be/abc
             */
            viewer_url?: string | null;
        };
        /** @description The request. */
        CreateTenant: {
            app?: components["schemas"]["FirstApp"] | null;
            /** @example Toko Melati */
            name: string;
            owner?: components["schemas"]["TenantOwner"] | null;
            /**
             * @description IANA name; UTC when it is left out.
             * @example Asia/Jakarta
             */
            time_zone?: string | null;
        };
        /** @description The request. */
        CreateToken: {
            grants?: components["schemas"]["GrantSwitches"] | null;
            is_moderator?: boolean;
            key_id?: components["schemas"]["KeyId"] | null;
            /**
             * @description The display name; the person cannot change it.
             * @example Siti
             */
            name: string;
            /**
             * @description The room, or `*` for every room where the app allows it.
             * @example ruang-1
             */
            room: string;
            /**
             * @description The person's id in your own system.
             * @example kasir-7
             */
            subject?: string | null;
            /**
             * Format: int64
             * @description How long the token can be used to join, seconds; 3600 when it is left out.
             * @default 3600
             */
            ttl_s: number | null;
        };
        /** @description A webhook to be made. */
        CreateWebhook: {
            app_id?: components["schemas"]["AppId"] | null;
            /**
             * @description Names of events, or `*` for every one.
             * @example [
             *       "room.started",
             *       "room.ended"
             *     ]
             */
            events: components["schemas"]["WebhookEventChoice"][];
            /**
             * @description How a request looks and is signed.
             * @enum {string}
             */
            format?: "standard" | "jaas";
            /**
             * @description Where requests go. `https`, unless the operator allows its network.
             * @example https://klinik.example/hooks/jumpa
             */
            url: string;
        };
        /** @description Why a recording is deleted. */
        DeleteRecording: {
            /** @example permintaan pasien */
            reason: string;
        };
        /** @description A delivery with all that was said. */
        DeliveryDetail: components["schemas"]["WebhookDelivery"] & {
            /** @description The oldest first. */
            attempts_log: components["schemas"]["WebhookAttempt"][];
            /** @description The body of every request. */
            request_body: string;
        };
        /** @description What an authenticator app needs. */
        EnrolledSecondFactor: {
            /**
             * @description The same as an address for a QR code.
             * @example otpauth://totp/Jumpa:rina%40melati.example?secret=JBSWY3DPEHPK3PXP
             */
            otpauth_url: string;
            /**
             * @description The shared secret in Base32, for typing.
             * @example JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP
             */
            secret: string;
        };
        /**
         * @description Whether an app is tried out or in earnest.
         * @enum {string}
         */
        Environment: "trial" | "production";
        /** @description Everything that is known of a recording, but its pictures and sound. */
        Evidence: {
            /**
             * Format: date-time
             * @description When this was written.
             */
            exported_at: string;
            /** @description With files and their SHA-256, people and consents. */
            recording: components["schemas"]["RecordingDetail"];
            /** @description Who looked at it, this export included, the newest first. */
            views: components["schemas"]["RecordingView"][];
        };
        /** @description What calls of an app offer; each is also a right of the token's grants, and both are needed. */
        Features: {
            /**
             * @description Text chat.
             * @default true
             */
            chat: boolean;
            /**
             * @description Raised hands.
             * @default true
             */
            raised_hands: boolean;
            /**
             * @description Reactions.
             * @default true
             */
            reactions: boolean;
            /**
             * @description Recording.
             * @default true
             */
            recording: boolean;
            /**
             * @description Screen sharing.
             * @default true
             */
            screen_sharing: boolean;
            /**
             * @description Streams. They are kept as recordings, so both are needed.
             * @default true
             */
            streaming: boolean;
        };
        /** @description What calls of an app offer; what is left out stays. */
        FeatureSwitches: {
            chat?: boolean | null;
            raised_hands?: boolean | null;
            reactions?: boolean | null;
            recording?: boolean | null;
            screen_sharing?: boolean | null;
            streaming?: boolean | null;
        };
        /** @description A link to a file. */
        FileLink: {
            /**
             * Format: date-time
             * @description 15 minutes from now.
             */
            expires_at: string;
            /**
             * @description Answers to `GET` with the file, also in parts (`Range`), without any other proof.
             * @example https://call.example/v1/recording_files/AZN6XI8rfD6dT1prfI2eDw…
             */
            url: string;
        };
        /** @description The first app of a new tenant. */
        FirstApp: {
            environment?: components["schemas"]["Environment"] | null;
            guests?: components["schemas"]["GuestPolicy"] | null;
            /** @example Toko Melati */
            name: string;
        };
        /** @description The request. */
        FirstLogin: {
            /**
             * @description The e-mail address to log in with from now on.
             * @example ops@sehat.example
             */
            email: string;
            /**
             * @description The name that people read.
             * @example Ops
             */
            name: string;
            /** @description 10 to 256 characters. */
            password: string;
            /** @description From the link. */
            token: string;
        };
        /**
         * @description How a request looks and is signed.
         * @enum {string}
         */
        Format: "standard" | "jaas";
        /** @description What the person may do; what is left out is as in a token without grants. */
        GrantSwitches: {
            bypass_lobby?: boolean | null;
            chat?: boolean | null;
            publish?: boolean | null;
            raise_hand?: boolean | null;
            react?: boolean | null;
            record?: boolean | null;
            share_screen?: boolean | null;
            stream?: boolean | null;
        };
        /**
         * @description What people without a token may do.
         * @enum {string}
         */
        GuestPolicy: "refused" | "wait" | "join";
        /**
         * @description What was found, for pages that say it in their own words. The names in backticks are those of
         *     the finding's `params`.
         * @enum {string}
         */
        HealthCode: "settings_readable" | "settings_wrong" | "data_folder_new" | "data_folder_unusable" | "data_folder_writable" | "data_folder_in_use" | "data_folder_read_only" | "data_folder_full" | "free_space_unknown" | "free_space_full" | "free_space_scarce" | "free_space_enough" | "database_misconfigured" | "database_bypasses_row_security" | "database_damaged" | "database_file_unusable" | "database_server_unusable" | "database_intact" | "secrets_readable" | "key_file_mismatch" | "key_file_unusable" | "clock_behind_database" | "clock_years_behind" | "clock_plausible" | "open_files_few" | "open_files_enough" | "http_port_free" | "http_port_held" | "http_port_taken" | "metrics_port_free" | "metrics_port_held" | "metrics_port_taken" | "media_ports_any" | "media_ports_impossible" | "media_ports_free" | "media_ports_held" | "media_ports_taken" | "media_address_none" | "media_address_local" | "media_address_public" | "web_address_https" | "web_address_not_https" | "web_address_this_machine" | "web_address_plain_http" | "web_pages_present" | "web_pages_missing" | "recorders_missing" | "recorder_spool_roomy" | "recorder_spool_filling" | "recorder_spool_scarce" | "recorder_spool_sound_only";
        /** @description What was found out about one thing that calls need. */
        HealthFinding: {
            /** @description What was found; stable, for pages that say it in their own words. */
            code: components["schemas"]["HealthCode"];
            /**
             * @description What was found, an English sentence that goes on from the subject.
             * @example 412 MiB are left for the data folder
             */
            facts: string;
            /**
             * @description What the words need, by name: a path, an address, a number.
             * @example {
             *       "mib": "412"
             *     }
             */
            params: {
                [key: string]: string;
            };
            /**
             * @description What to do about it.
             * @example make room soon
             */
            remedy: string | null;
            /**
             * @description What was looked at.
             * @example free space
             */
            subject: string;
            /** @description How bad it is. */
            verdict: components["schemas"]["Verdict"];
        };
        /** @description How much of it. */
        HintParams: {
            /**
             * Format: int64
             * @description How often.
             */
            count?: number | null;
            /**
             * Format: double
             * @description Share of the time, 0 to 1.
             */
            share?: number | null;
        };
        /** @description Where to log in. */
        IdentityLogin: {
            /**
             * @description The name of the provider.
             * @example Akun Toko Melati
             */
            provider_name: string;
            /** @description The address at the provider that the browser goes to. */
            url: string;
        };
        /** @description Where people log in instead of with a password. */
        IdentityProvider: {
            /** @example jumpa */
            client_id: string;
            /** @description RFC 3339, UTC. */
            created_at: string;
            /** @description Whose e-mail addresses it answers for. */
            domains: string[];
            id: components["schemas"]["IdentityProviderId"];
            /** @example https://login.melati.example */
            issuer: string;
            /** @example Akun Toko Melati */
            name: string;
            new_role: components["schemas"]["Role"] | null;
            tenant_id: components["schemas"]["TenantId"] | null;
            /**
             * @description The name of that tenant.
             * @example Toko Melati
             */
            tenant_name: string | null;
        };
        /**
         * @description Where people log in instead of with a password.
         * @example idp_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f
         */
        IdentityProviderId: string;
        /** @description An invitation that was neither accepted nor cancelled. */
        Invitation: {
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            created_at: string;
            /** @example rina@melati.example */
            email: string;
            /**
             * Format: date-time
             * @description Until when it can be accepted; after that it can be sent again.
             */
            expires_at: string;
            id: components["schemas"]["InvitationId"];
            /** @description The language of its mail. */
            language: components["schemas"]["Language"];
            role: components["schemas"]["Role"];
        };
        /**
         * @description An invitation to a tenant.
         * @example inv_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f
         */
        InvitationId: string;
        /** @description What the link invites to. */
        InvitationLink: {
            /** @example rina@melati.example */
            email: string;
            /**
             * Format: date-time
             * @description Until when it can be accepted, RFC 3339, UTC.
             */
            expires_at: string;
            /**
             * @description Whether this address has a login already: then log in first and accept without name and
             *     password.
             */
            has_login: boolean;
            role: components["schemas"]["Role"];
            /** @example Toko Melati */
            tenant_name: string;
        };
        /**
         * @description The public name of a signing key.
         * @example key_k3x9qm7w2r
         */
        KeyId: string;
        /**
         * @description How a key signs tokens, and by that what the server keeps of it.
         * @enum {string}
         */
        KeyKind: "hs256" | "rs256" | "es256" | "ed25519";
        /**
         * @description Whether tokens of a key are taken.
         * @enum {string}
         */
        KeyStatus: "active" | "retiring" | "retired" | "revoked";
        /**
         * @description The language of mails and pages.
         * @enum {string}
         */
        Language: "en" | "id";
        /** @description Whether a recording is kept whatever its age. */
        LegalHold: {
            is_held: boolean;
        };
        /**
         * @description How much of a limit is used.
         * @enum {string}
         */
        LimitAlert: "none" | "warning" | "reached";
        /** @description How much an app may use: what is left out stays, null is without limit. */
        LimitChange: {
            /**
             * Format: int64
             * @description Most calls at a time.
             */
            max_calls?: number | null;
            /**
             * Format: int64
             * @description Most participants in one call.
             */
            max_participants?: number | null;
            /**
             * Format: int64
             * @description Most minutes of all participants together in a month of the tenant's time zone.
             */
            minutes_per_month?: number | null;
            /**
             * Format: int64
             * @description Most recordings at a time.
             */
            recordings_at_once?: number | null;
            /**
             * Format: int64
             * @description How long calls and recordings are kept, days.
             */
            retention_days?: number | null;
            /**
             * Format: int64
             * @description Most bytes of recordings that are kept.
             */
            storage_bytes?: number | null;
        };
        /**
         * @description What is limited.
         * @enum {string}
         */
        LimitName: "minutes_per_month" | "max_calls" | "max_participants" | "recordings_at_once" | "storage_bytes";
        /** @description A recording in a list. */
        ListedRecording: components["schemas"]["Recording"] & {
            /** @description How many people that were. */
            participant_count: number;
            /**
             * @description Names of those who were in the call while it was recorded, none twice, at most ten.
             * @example [
             *       "Budi",
             *       "dr. Ayu"
             *     ]
             */
            participants: string[];
            poster: components["schemas"]["FileLink"] | null;
        };
        /**
         * @description How somebody is connected.
         * @enum {string}
         */
        LiveConnection: "connecting" | "connected" | "reconnecting";
        /** @description What goes on this moment. */
        LiveNow: {
            /** Format: int64 */
            calls: number;
            /** Format: int64 */
            participants: number;
        };
        /** @description Somebody in a running call or in its lobby. */
        LiveParticipant: {
            connection: components["schemas"]["LiveConnection"];
            id: components["schemas"]["ParticipantId"];
            is_muted: components["schemas"]["MutedSources"];
            /** @description Whether their screen is seen. */
            is_sharing_screen: boolean;
            /**
             * Format: date-time
             * @description When they came, or began to wait.
             */
            joined_at: string;
            /** @example Budi */
            name: string;
            role: components["schemas"]["LiveRole"];
            /**
             * @description Their id in your own system, from `sub` of their token.
             * @example pasien-7
             */
            subject: string | null;
            via: components["schemas"]["LiveVia"];
            /** @description Whether they are not in yet. */
            waits_in_lobby: boolean;
        };
        /**
         * @description What somebody may do in the call.
         * @enum {string}
         */
        LiveRole: "moderator" | "participant";
        /** @description A running call. */
        LiveRoom: {
            app_id: components["schemas"]["AppId"];
            /** @example Klinik Sehat */
            app_name: string;
            call_id: components["schemas"]["CallId"];
            /** @description Whether newcomers wait until somebody lets them in. */
            has_lobby: boolean;
            /** @description Whether newcomers are asked for a password. */
            is_locked: boolean;
            /** @description The server that runs it. */
            node_id: components["schemas"]["NodeId"];
            /**
             * Format: int32
             * @description How many are in it; who waits is not counted.
             * @example 4
             */
            participants: number;
            room: components["schemas"]["RoomName"];
            /**
             * Format: date-time
             * @description When the call began.
             */
            started_at: string;
            /**
             * Format: int32
             * @description How many wait in the lobby.
             * @example 0
             */
            waiting: number;
        };
        /**
         * @description How somebody takes part.
         * @enum {string}
         */
        LiveVia: "signalling" | "whip" | "whep";
        /** @description What newcomers are asked for. */
        LockRoom: {
            /**
             * @description 1 to 64 characters; null opens the room.
             * @example rahasia
             */
            password: string | null;
        };
        /** @description The request. */
        Login: {
            /**
             * @description Of the authenticator app, or a recovery code; asked for by `second_factor_required`.
             * @example 123 456
             */
            code?: string | null;
            /** @example ops@sehat.example */
            email: string;
            password: string;
        };
        /** @description A mail. */
        Mail: {
            /**
             * Format: int32
             * @description How often it was tried.
             */
            attempts: number;
            /** @description The text with its link, until it was sent: hand the link over where no mail is sent. */
            body: string | null;
            /** Format: date-time */
            created_at: string;
            id: components["schemas"]["MailId"];
            /**
             * @description Why it is sent.
             * @example invitation
             */
            kind: string;
            /** @description Why the last attempt failed. */
            last_error: string | null;
            /**
             * Format: date-time
             * @description When it is tried again.
             */
            next_attempt_at: string | null;
            /** @example rina@melati.example */
            recipient: string;
            /** Format: date-time */
            sent_at: string | null;
            /** @description `pending`, `sent` or `failed`. */
            status: components["schemas"]["MailStatus"];
            /** @example You are invited to Toko Melati */
            subject: string;
            tenant_id: components["schemas"]["TenantId"] | null;
        };
        /**
         * @description A mail in the outbox.
         * @example mail_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f
         */
        MailId: string;
        /**
         * @description How far a mail is.
         * @enum {string}
         */
        MailStatus: "pending" | "sent" | "failed";
        /** @description Somebody who logged in. */
        Me: {
            /** @example ops@sehat.example */
            email: string;
            /** @description Whether their login needs a code beside the password. */
            has_totp: boolean;
            id: components["schemas"]["UserId"];
            /** @description Whether they run the platform. */
            is_operator: boolean;
            language: components["schemas"]["Language"];
            /** @description The tenants that they belong to, by name. */
            memberships: components["schemas"]["Membership"][];
            /** @example Ops */
            name: string;
        };
        /** @description Somebody who belongs to the tenant. */
        Member: {
            /**
             * Format: date-time
             * @description Since when they belong to it, RFC 3339, UTC.
             */
            created_at: string;
            /** @example rina@melati.example */
            email: string;
            /** @description Whether their login needs a code beside the password. */
            has_totp: boolean;
            /**
             * Format: date-time
             * @description When they last used a session that still runs, to a few minutes.
             */
            last_seen_at: string | null;
            /** @example Rina */
            name: string;
            role: components["schemas"]["Role"];
            user_id: components["schemas"]["UserId"];
        };
        /** @description A tenant that somebody belongs to. */
        Membership: {
            role: components["schemas"]["Role"];
            tenant_id: components["schemas"]["TenantId"];
            /** @example Toko Melati */
            tenant_name: string;
            tenant_status: components["schemas"]["TenantStatus"];
            /**
             * @description IANA name of its zone.
             * @example Asia/Jakarta
             */
            time_zone: string;
        };
        /** @description Which sources of somebody are not heard or seen. */
        MutedSources: {
            camera: boolean;
            microphone: boolean;
        };
        /** @description What is closed. */
        MuteParticipant: {
            /**
             * @description A source that can be closed from outside.
             * @enum {string}
             */
            source: "microphone" | "camera" | "screen";
        };
        /** @description A key that was just made. */
        NewAppKey: {
            key: components["schemas"]["AppKey"];
            /** @description The secret of an `hs256` key, as it is: its characters are the key. Null for a public key. */
            secret: string | null;
        };
        /** @description A server that runs calls. */
        Node: {
            /**
             * Format: int32
             * @description How many calls are running.
             */
            calls: number;
            /**
             * Format: double
             * @description Processor time since the last look, 0 to 1 for all cores; null where the machine does not
             *     tell.
             * @example 0.12
             */
            cpu_ratio: number | null;
            id: components["schemas"]["NodeId"];
            /** @description Whether it starts no calls. */
            is_draining: boolean;
            /**
             * Format: int64
             * @description Memory in use; null where the machine does not tell.
             */
            memory_bytes: number | null;
            /**
             * Format: int32
             * @description How many people are in calls.
             */
            participants: number;
            /** Format: date-time */
            started_at: string;
            /** @example 0.1.0 */
            version: string;
        };
        /**
         * @description A server that runs calls.
         * @example node_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f
         */
        NodeId: string;
        /** @description An app as the operator sees it. */
        OperatorApp: components["schemas"]["App"] & {
            /** @description Whether the first start made it to try calls. */
            is_demo: boolean;
            tenant_id: components["schemas"]["TenantId"];
        };
        /** @description A running call, with its tenant. */
        OperatorLiveRoom: components["schemas"]["LiveRoom"] & {
            tenant_id: components["schemas"]["TenantId"] | null;
        };
        /** @description A tenant as the operator sees it. */
        OperatorTenant: components["schemas"]["Tenant"] & {
            /**
             * Format: int64
             * @description How many apps it has.
             */
            apps: number;
            /**
             * Format: date-time
             * @description When it was deleted, RFC 3339, UTC.
             */
            deleted_at: string | null;
            /**
             * Format: int64
             * @description How many people belong to it.
             */
            members: number;
            /**
             * Format: date-time
             * @description Until when the deletion can be taken back.
             */
            restorable_until: string | null;
        };
        /** @description Somebody who logs in. */
        OperatorUser: {
            /** @example rina@melati.example */
            email: string;
            /** @description Whether their login needs a code beside the password. */
            has_totp: boolean;
            id: components["schemas"]["UserId"];
            /** @description Whether they run the platform. */
            is_operator: boolean;
            /** @example Rina */
            name: string;
        };
        /** @description How much was used and how good it was. */
        Overview: {
            /** @description At most ten, the most used first. */
            clients: components["schemas"]["ClientUsage"][];
            /** @description Each day, also one without calls. */
            days: components["schemas"]["UsageDay"][];
            /** @description Calls that began, by weekday from Monday on and hour: seven lists of 24. */
            hours: number[][];
            live: components["schemas"]["LiveNow"];
            /** @description As many days before these. */
            previous: components["schemas"]["UsageTotals"];
            /**
             * @description The zone that days and hours are counted in, IANA name.
             * @example Asia/Jakarta
             */
            time_zone: string;
            /** @description At most ten, with the most participant minutes first. */
            top_rooms: components["schemas"]["RoomUsage"][];
            totals: components["schemas"]["UsageTotals"];
        };
        /** @description A host name that an app has for itself. */
        OwnDomain: {
            app_id: components["schemas"]["AppId"];
        };
        /** @description One page of a list. */
        Page_ApiKey: {
            data: {
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 * @example 2026-11-22T04:30:00Z
                 */
                created_at: string;
                id: components["schemas"]["ApiKeyId"];
                /**
                 * Format: date-time
                 * @description To a few minutes.
                 */
                last_used_at: string | null;
                /** @example Kasir */
                name: string;
                /**
                 * @description How its secret begins, by which people tell keys apart.
                 * @example jumpa_api_x7Kq
                 */
                prefix: string;
            }[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_App: {
            data: {
                /** @description Whether a token may name every room with `*`, or many by a pattern. */
                allows_any_room: boolean;
                auto_record: components["schemas"]["AutoRecord"] | null;
                branding: components["schemas"]["Branding"];
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 * @example 2026-11-22T04:30:00Z
                 */
                created_at: string;
                /** Format: date-time */
                deleted_at: string | null;
                environment: components["schemas"]["Environment"];
                features: components["schemas"]["Features"];
                guests: components["schemas"]["GuestPolicy"];
                id: components["schemas"]["AppId"];
                /** @description A disabled app takes no joins. */
                is_disabled: boolean;
                /** @description Whether people stay in their call when the app is disabled or their key is revoked. */
                keeps_running_calls: boolean;
                limits: components["schemas"]["AppLimits"];
                /** @example Toko Melati */
                name: string;
                /** @description Whether a token with a `jti` may join only once. */
                one_time_tokens: boolean;
                /**
                 * @description Pages that may embed its calls, `https://melati.example` or `https://*.melati.example`.
                 *     When empty, none may.
                 * @example [
                 *       "https://melati.example"
                 *     ]
                 */
                origins: string[];
                /**
                 * Format: date-time
                 * @description When the keys and settings of a deleted app are erased.
                 */
                purge_at: string | null;
                /** @description Whether there is no call without a recording. */
                recording_required: boolean;
                status: components["schemas"]["AppStatus"];
                /** @description Whether tokens may come without `kid`, as those of Jitsi's own server do. */
                takes_tokens_without_key_id: boolean;
            }[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_AppKey: {
            data: {
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 * @example 2026-11-22T04:30:00Z
                 */
                created_at: string;
                /**
                 * Format: date-time
                 * @description Until when a key that was replaced signs.
                 */
                expires_at: string | null;
                /** @description The `kid` of join tokens. */
                id: components["schemas"]["KeyId"];
                kind: components["schemas"]["KeyKind"];
                /**
                 * Format: date-time
                 * @description When a token of it was last used, to about ten seconds.
                 */
                last_used_at: string | null;
                /** @description The public half of a key that the tenant keeps, PEM. */
                public_key: string | null;
                status: components["schemas"]["KeyStatus"];
            }[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_AppUsageLimits: {
            data: {
                app_id: components["schemas"]["AppId"];
                /** @example Klinik Sehat */
                app_name: string;
                limits: components["schemas"]["UsageLimit"][];
            }[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_AuditEvent: {
            data: {
                /**
                 * @description Noun and past participle.
                 * @example member.role_changed
                 */
                action: string;
                /** @description The public id of who acted. */
                actor_id: string | null;
                /** @description `user`, `operator`, `api_key` or `system`. */
                actor_kind: components["schemas"]["AuditActorKind"];
                /**
                 * @description Their e-mail address or name at that moment.
                 * @example rina@melati.example
                 */
                actor_name: string;
                /**
                 * @description From which network address.
                 * @example 192.0.2.7
                 */
                address: string | null;
                /** @description What it became. */
                after: Record<string, never> | null;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 */
                at: string;
                /** @description What it was, as far as it changed. */
                before: Record<string, never> | null;
                id: components["schemas"]["AuditEventId"];
                request_id: string | null;
                target_id: string;
                /** @example user */
                target_kind: string;
                tenant_id: components["schemas"]["TenantId"] | null;
            }[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_Ban: {
            data: {
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 * @example 2026-11-22T04:30:00Z
                 */
                created_at: string;
                /**
                 * @description An e-mail address, or the name of an API key.
                 * @example rina@melati.example
                 */
                created_by: string;
                id: components["schemas"]["BanId"];
                /** @description Why, for those who look at it later. */
                reason: string | null;
                /**
                 * @description Whom: what their tokens say in `sub` (`context.user.id` in Jitsi's).
                 * @example kasir-7
                 */
                subject: string;
                /**
                 * Format: date-time
                 * @description When it ends; null is never.
                 */
                until: string | null;
            }[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_Call: {
            data: {
                app_id: components["schemas"]["AppId"];
                /**
                 * Format: int64
                 * @description Until now while it goes on.
                 */
                duration_s: number;
                end_reason: components["schemas"]["CallLeaveReason"] | null;
                /**
                 * Format: date-time
                 * @description When the last one left; null while it goes on.
                 */
                ended_at: string | null;
                id: components["schemas"]["CallId"];
                is_live: boolean;
                /**
                 * Format: double
                 * @description Time of all participants together, minutes with two decimals.
                 * @example 12.25
                 */
                participant_minutes: number;
                /**
                 * Format: int64
                 * @description Different participants.
                 */
                participants: number;
                /**
                 * Format: int64
                 * @description Most participants at once.
                 */
                peak_participants: number;
                quality: components["schemas"]["CallQuality"];
                /** @example ruang-1 */
                room: string;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 */
                started_at: string;
            }[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_CallEvent: {
            data: {
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 */
                at: string;
                /** @description `source` and `state`; `connection`; `role`; `name`; `is_admitted`. */
                detail: Record<string, never>;
                /** @example evt_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f */
                id: string;
                kind: components["schemas"]["CallEventKind"];
                participant_id: components["schemas"]["ParticipantId"];
            }[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_CallParticipant: {
            data: {
                /** @example Chrome 156 */
                browser: string;
                /**
                 * @description MIME types.
                 * @example [
                 *       "audio/opus",
                 *       "video/VP8"
                 *     ]
                 */
                codecs: string[];
                /**
                 * Format: int64
                 * @description In the call altogether, until now for those who are in it.
                 */
                duration_s: number;
                hints: components["schemas"]["QualityHint"][];
                /**
                 * Format: double
                 * @description Mean opinion score, 1 (bad) to 4.4.
                 * @example 4.2
                 */
                mos: number | null;
                /** @example Budi */
                name: string;
                /** @example Android */
                os: string;
                participant_id: components["schemas"]["ParticipantId"];
                quality: components["schemas"]["CallQuality"];
                /** @description `moderator` or `participant`, when they came. */
                role: components["schemas"]["CallRole"];
                /** @example jumpa-js 0.1.0 */
                sdk: string;
                /** @description From each join to its leave, the oldest first. */
                stays: components["schemas"]["CallStay"][];
                /**
                 * @description Their id in your own system; null for guests.
                 * @example pasien-7
                 */
                subject: string | null;
                /**
                 * @description `udp` or `tcp`.
                 * @example udp
                 */
                transport: string | null;
                /**
                 * @description `signalling`, `whip` or `whep`.
                 * @example signalling
                 */
                via: string;
            }[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_HealthFinding: {
            data: {
                /** @description What was found; stable, for pages that say it in their own words. */
                code: components["schemas"]["HealthCode"];
                /**
                 * @description What was found, an English sentence that goes on from the subject.
                 * @example 412 MiB are left for the data folder
                 */
                facts: string;
                /**
                 * @description What the words need, by name: a path, an address, a number.
                 * @example {
                 *       "mib": "412"
                 *     }
                 */
                params: {
                    [key: string]: string;
                };
                /**
                 * @description What to do about it.
                 * @example make room soon
                 */
                remedy: string | null;
                /**
                 * @description What was looked at.
                 * @example free space
                 */
                subject: string;
                /** @description How bad it is. */
                verdict: components["schemas"]["Verdict"];
            }[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_IdentityProvider: {
            data: {
                /** @example jumpa */
                client_id: string;
                /** @description RFC 3339, UTC. */
                created_at: string;
                /** @description Whose e-mail addresses it answers for. */
                domains: string[];
                id: components["schemas"]["IdentityProviderId"];
                /** @example https://login.melati.example */
                issuer: string;
                /** @example Akun Toko Melati */
                name: string;
                new_role: components["schemas"]["Role"] | null;
                tenant_id: components["schemas"]["TenantId"] | null;
                /**
                 * @description The name of that tenant.
                 * @example Toko Melati
                 */
                tenant_name: string | null;
            }[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_Invitation: {
            data: {
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 */
                created_at: string;
                /** @example rina@melati.example */
                email: string;
                /**
                 * Format: date-time
                 * @description Until when it can be accepted; after that it can be sent again.
                 */
                expires_at: string;
                id: components["schemas"]["InvitationId"];
                /** @description The language of its mail. */
                language: components["schemas"]["Language"];
                role: components["schemas"]["Role"];
            }[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_ListedRecording: {
            data: (components["schemas"]["Recording"] & {
                /** @description How many people that were. */
                participant_count: number;
                /**
                 * @description Names of those who were in the call while it was recorded, none twice, at most ten.
                 * @example [
                 *       "Budi",
                 *       "dr. Ayu"
                 *     ]
                 */
                participants: string[];
                poster: components["schemas"]["FileLink"] | null;
            })[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_LiveParticipant: {
            data: {
                connection: components["schemas"]["LiveConnection"];
                id: components["schemas"]["ParticipantId"];
                is_muted: components["schemas"]["MutedSources"];
                /** @description Whether their screen is seen. */
                is_sharing_screen: boolean;
                /**
                 * Format: date-time
                 * @description When they came, or began to wait.
                 */
                joined_at: string;
                /** @example Budi */
                name: string;
                role: components["schemas"]["LiveRole"];
                /**
                 * @description Their id in your own system, from `sub` of their token.
                 * @example pasien-7
                 */
                subject: string | null;
                via: components["schemas"]["LiveVia"];
                /** @description Whether they are not in yet. */
                waits_in_lobby: boolean;
            }[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_LiveRoom: {
            data: {
                app_id: components["schemas"]["AppId"];
                /** @example Klinik Sehat */
                app_name: string;
                call_id: components["schemas"]["CallId"];
                /** @description Whether newcomers wait until somebody lets them in. */
                has_lobby: boolean;
                /** @description Whether newcomers are asked for a password. */
                is_locked: boolean;
                /** @description The server that runs it. */
                node_id: components["schemas"]["NodeId"];
                /**
                 * Format: int32
                 * @description How many are in it; who waits is not counted.
                 * @example 4
                 */
                participants: number;
                room: components["schemas"]["RoomName"];
                /**
                 * Format: date-time
                 * @description When the call began.
                 */
                started_at: string;
                /**
                 * Format: int32
                 * @description How many wait in the lobby.
                 * @example 0
                 */
                waiting: number;
            }[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_Mail: {
            data: {
                /**
                 * Format: int32
                 * @description How often it was tried.
                 */
                attempts: number;
                /** @description The text with its link, until it was sent: hand the link over where no mail is sent. */
                body: string | null;
                /** Format: date-time */
                created_at: string;
                id: components["schemas"]["MailId"];
                /**
                 * @description Why it is sent.
                 * @example invitation
                 */
                kind: string;
                /** @description Why the last attempt failed. */
                last_error: string | null;
                /**
                 * Format: date-time
                 * @description When it is tried again.
                 */
                next_attempt_at: string | null;
                /** @example rina@melati.example */
                recipient: string;
                /** Format: date-time */
                sent_at: string | null;
                /** @description `pending`, `sent` or `failed`. */
                status: components["schemas"]["MailStatus"];
                /** @example You are invited to Toko Melati */
                subject: string;
                tenant_id: components["schemas"]["TenantId"] | null;
            }[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_Member: {
            data: {
                /**
                 * Format: date-time
                 * @description Since when they belong to it, RFC 3339, UTC.
                 */
                created_at: string;
                /** @example rina@melati.example */
                email: string;
                /** @description Whether their login needs a code beside the password. */
                has_totp: boolean;
                /**
                 * Format: date-time
                 * @description When they last used a session that still runs, to a few minutes.
                 */
                last_seen_at: string | null;
                /** @example Rina */
                name: string;
                role: components["schemas"]["Role"];
                user_id: components["schemas"]["UserId"];
            }[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_Node: {
            data: {
                /**
                 * Format: int32
                 * @description How many calls are running.
                 */
                calls: number;
                /**
                 * Format: double
                 * @description Processor time since the last look, 0 to 1 for all cores; null where the machine does not
                 *     tell.
                 * @example 0.12
                 */
                cpu_ratio: number | null;
                id: components["schemas"]["NodeId"];
                /** @description Whether it starts no calls. */
                is_draining: boolean;
                /**
                 * Format: int64
                 * @description Memory in use; null where the machine does not tell.
                 */
                memory_bytes: number | null;
                /**
                 * Format: int32
                 * @description How many people are in calls.
                 */
                participants: number;
                /** Format: date-time */
                started_at: string;
                /** @example 0.1.0 */
                version: string;
            }[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_OperatorApp: {
            data: (components["schemas"]["App"] & {
                /** @description Whether the first start made it to try calls. */
                is_demo: boolean;
                tenant_id: components["schemas"]["TenantId"];
            })[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_OperatorLiveRoom: {
            data: (components["schemas"]["LiveRoom"] & {
                tenant_id: components["schemas"]["TenantId"] | null;
            })[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_OperatorTenant: {
            data: (components["schemas"]["Tenant"] & {
                /**
                 * Format: int64
                 * @description How many apps it has.
                 */
                apps: number;
                /**
                 * Format: date-time
                 * @description When it was deleted, RFC 3339, UTC.
                 */
                deleted_at: string | null;
                /**
                 * Format: int64
                 * @description How many people belong to it.
                 */
                members: number;
                /**
                 * Format: date-time
                 * @description Until when the deletion can be taken back.
                 */
                restorable_until: string | null;
            })[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_OperatorUser: {
            data: {
                /** @example rina@melati.example */
                email: string;
                /** @description Whether their login needs a code beside the password. */
                has_totp: boolean;
                id: components["schemas"]["UserId"];
                /** @description Whether they run the platform. */
                is_operator: boolean;
                /** @example Rina */
                name: string;
            }[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_PreparedRoom: {
            data: {
                app_id: components["schemas"]["AppId"];
                auto_record: components["schemas"]["AutoRecord"] | null;
                /**
                 * Format: date-time
                 * @description A call that begins later begins as in any other room; null for one that may begin at any
                 *     time. RFC 3339, UTC.
                 * @example 2026-12-01T03:00:00Z
                 */
                expires_at: string | null;
                /** @description Whether newcomers wait until somebody lets them in. */
                has_lobby: boolean;
                /** @description Whether newcomers are asked for a password. */
                has_password: boolean;
                /**
                 * Format: int32
                 * @description Most participants; null where the app says how many.
                 * @example 2
                 */
                max_participants: number | null;
                /**
                 * Format: date-time
                 * @description When it was prepared, or changed for the last time, RFC 3339, UTC.
                 * @example 2026-11-22T04:30:00Z
                 */
                prepared_at: string;
                /** @description Whether there is no call without a recording; it may be so in every room of the app. */
                recording_required: boolean;
                room: components["schemas"]["RoomName"];
            }[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_RecordingQuota: {
            data: {
                app_id: components["schemas"]["AppId"];
                /** @example Klinik Sehat */
                app_name: string;
                /**
                 * Format: int64
                 * @description Bytes of them.
                 */
                bytes: number;
                /**
                 * Format: int64
                 * @description Recordings whose files are kept.
                 */
                kept: number;
                /**
                 * Format: int64
                 * @description Most recordings at a time; null is without limit.
                 */
                recordings_at_once: number | null;
                /**
                 * Format: int64
                 * @description How long recordings are kept; null is without end.
                 */
                retention_days: number | null;
                /**
                 * Format: int64
                 * @description Recordings that are running.
                 */
                running: number;
                /** @description How much of the recorders it may use and uses. */
                slots: components["schemas"]["RecordingSlots"];
                /**
                 * Format: int64
                 * @description Most bytes that are kept; null is without limit.
                 */
                storage_bytes: number | null;
            }[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_RecordingView: {
            data: {
                /** @example 10.1.0.7 */
                address: string | null;
                /** Format: date-time */
                at: string;
                file_id: components["schemas"]["RecordingFileId"] | null;
                id: components["schemas"]["RecordingViewId"];
                /**
                 * @description `file`, `link_opened` or `evidence`.
                 * @example file
                 */
                kind: string;
                link_id: components["schemas"]["RecordingLinkId"] | null;
                /**
                 * @description Their name at that moment; of a link, who made it.
                 * @example rina@sehat.example
                 */
                viewer: string;
                viewer_id: string | null;
                /**
                 * @description `user`, `operator`, `api_key` or `link`.
                 * @example user
                 */
                viewer_kind: string;
            }[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_Session: {
            data: {
                /**
                 * @description From which network address it began.
                 * @example 192.0.2.7
                 */
                address: string | null;
                /** Format: date-time */
                created_at: string;
                /** @description The browser's own description, `User-Agent`. */
                device: string | null;
                /** Format: date-time */
                expires_at: string;
                id: components["schemas"]["SessionId"];
                /** @description Whether it is the one that asks. */
                is_current: boolean;
                /**
                 * Format: date-time
                 * @description To a few minutes.
                 */
                last_seen_at: string | null;
            }[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_StoredStreamTarget: {
            data: {
                app_id: components["schemas"]["AppId"];
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 * @example 2026-11-22T04:30:00Z
                 */
                created_at: string;
                id: components["schemas"]["StreamTargetId"];
                /**
                 * @description The last characters of the key, by which people tell keys apart.
                 * @example 1234
                 */
                key_end: string;
                /** @example Kanal klinik */
                name: string;
                /**
                 * @description Its address without the key.
                 * @example rtmps://a.rtmps.youtube.com/live2
                 */
                url: string;
                /**
                 * @description Where viewers see the stream.
                 * @example https://youtu.be/abc
                 */
                viewer_url: string | null;
            }[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_TenantIdentityProvider: {
            data: {
                /** @description Whose e-mail addresses it answers for. */
                domains: string[];
                id: components["schemas"]["IdentityProviderId"];
                /** @example https://login.melati.example */
                issuer: string;
                /** @example Akun Toko Melati */
                name: string;
                new_role: components["schemas"]["Role"] | null;
            }[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_TenantUsage: {
            data: {
                /**
                 * Format: int64
                 * @description Apps that were used.
                 */
                apps: number;
                /**
                 * Format: int64
                 * @description That began in the month.
                 */
                calls: number;
                /**
                 * Format: int64
                 * @description Different people; who has no id of the tenant's own system counts with each call.
                 */
                monthly_active_users: number;
                /** Format: double */
                participant_minutes: number;
                /**
                 * Format: int64
                 * @description Who came for the first time into a call in the month.
                 */
                participants: number;
                /**
                 * Format: int64
                 * @description Most at once.
                 */
                peak_participants: number;
                tenant_id: components["schemas"]["TenantId"];
                /** @example Toko Melati */
                tenant_name: string;
            }[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_Webhook: {
            data: {
                app_id: components["schemas"]["AppId"] | null;
                /** Format: date-time */
                created_at: string;
                /**
                 * @description Names, or `*` for every one.
                 * @example [
                 *       "room.started",
                 *       "room.ended"
                 *     ]
                 */
                events: components["schemas"]["WebhookEventChoice"][];
                /**
                 * Format: date-time
                 * @description Since when no request was taken; null while they are.
                 */
                failing_since: string | null;
                format: components["schemas"]["Format"];
                id: components["schemas"]["WebhookId"];
                is_paused: boolean;
                /** Format: date-time */
                last_delivery_at: string | null;
                last_status: components["schemas"]["WebhookLastStatus"] | null;
                pause_reason: components["schemas"]["WebhookPauseReason"] | null;
                /** @example https://klinik.example/hooks/jumpa */
                url: string;
            }[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_WebhookDelivery: {
            data: {
                /** Format: int32 */
                attempts: number;
                /** Format: date-time */
                created_at: string;
                /** @description `webhook-id` of the request: the same in every attempt. */
                event_id: components["schemas"]["ReportId"];
                event_type: components["schemas"]["WebhookEventName"];
                id: components["schemas"]["WebhookDeliveryId"];
                /**
                 * Format: int64
                 * @example 204
                 */
                last_status_code: number | null;
                /**
                 * Format: date-time
                 * @description When it is tried again.
                 */
                next_attempt_at: string | null;
                /** @description `pending`, `delivered` or `failed`. */
                status: components["schemas"]["WebhookDeliveryStatus"];
                webhook_id: components["schemas"]["WebhookId"];
            }[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_WebhookFailure: {
            data: {
                tenant_id: components["schemas"]["TenantId"];
                /** @example Toko Melati */
                tenant_name: string;
                webhook: components["schemas"]["Webhook"];
            }[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
        };
        /**
         * @description One joined device in a call.
         * @example par_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f
         */
        ParticipantId: string;
        /** @description The media of one participant. */
        ParticipantQuality: {
            participant_id: components["schemas"]["ParticipantId"];
            tracks: components["schemas"]["CallTrack"][];
        };
        /** @description Choices that hold for the whole platform. */
        PlatformSettings: {
            /** @description The language of people of whom nothing else is known. */
            language: components["schemas"]["Language"];
            /**
             * @description How mails and dashboards name the platform.
             * @example Jumpa
             */
            name: string;
            /** @description What a new app is, unless whoever makes it says otherwise. */
            new_app_environment: components["schemas"]["Environment"];
            /** @description How much a new app in production may use. */
            production_limits: components["schemas"]["AppLimits"];
            /**
             * @description Where people ask for help.
             * @example bantuan@call.example
             */
            support_email: string | null;
            /**
             * @description Where people ask for help, https.
             * @example https://call.example/bantuan
             */
            support_url: string | null;
            /** @description How much a new app on trial may use. */
            trial_limits: components["schemas"]["AppLimits"];
        };
        /** @description A room that is prepared for its next call. Its password is never shown. */
        PreparedRoom: {
            app_id: components["schemas"]["AppId"];
            auto_record: components["schemas"]["AutoRecord"] | null;
            /**
             * Format: date-time
             * @description A call that begins later begins as in any other room; null for one that may begin at any
             *     time. RFC 3339, UTC.
             * @example 2026-12-01T03:00:00Z
             */
            expires_at: string | null;
            /** @description Whether newcomers wait until somebody lets them in. */
            has_lobby: boolean;
            /** @description Whether newcomers are asked for a password. */
            has_password: boolean;
            /**
             * Format: int32
             * @description Most participants; null where the app says how many.
             * @example 2
             */
            max_participants: number | null;
            /**
             * Format: date-time
             * @description When it was prepared, or changed for the last time, RFC 3339, UTC.
             * @example 2026-11-22T04:30:00Z
             */
            prepared_at: string;
            /** @description Whether there is no call without a recording; it may be so in every room of the app. */
            recording_required: boolean;
            room: components["schemas"]["RoomName"];
        };
        /** @description How the next call of a room begins. */
        PrepareRoom: {
            auto_record?: components["schemas"]["AutoRecordRequest"] | null;
            /**
             * Format: date-time
             * @description A call that begins later begins as in any other room, RFC 3339.
             */
            expires_at?: string | null;
            /** @description Whether newcomers wait until somebody lets them in. */
            has_lobby?: boolean;
            /**
             * @description Whether the password stays as it was prepared before, which nobody can be shown: for a
             *     change of something else. Without it, and without `password`, there is none.
             */
            keeps_password?: boolean;
            /**
             * Format: int32
             * @description Most participants, where that is less than the app allows.
             * @example 2
             */
            max_participants?: number | null;
            /**
             * @description What newcomers are asked for, 1 to 64 characters.
             * @example rahasia
             */
            password?: string | null;
            /** @description Whether there is no call without a recording; it may be so in every room of the app. */
            recording_required?: boolean;
        };
        /**
         * @description Why a request was refused (RFC 9457, section 3), as `application/problem+json`.
         * @example {
         *       "code": "invalid_value",
         *       "detail": "1 to 80 characters",
         *       "field": "name",
         *       "request_id": "req_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f",
         *       "status": 422,
         *       "title": "a field has a wrong value",
         *       "type": "about:blank"
         *     }
         */
        Problem: {
            code: components["schemas"]["ProblemCode"];
            /** @description What exactly was wrong. */
            detail?: string | null;
            /** @description The field that was wrong. */
            field?: string | null;
            /** @description Names the request in the server's log; the same as `X-Request-Id`. */
            request_id: string;
            /**
             * Format: int32
             * @description The status of the answer.
             */
            status: number;
            /** @description One English sentence for developers; user interfaces have their own texts. */
            title: string;
            /** @description Always `about:blank`: `code` names the reason. */
            type: string;
        };
        /**
         * @description Why a request was refused. Codes are stable: branch on them.
         * @enum {string}
         */
        ProblemCode: "bad_message" | "wrong_content_type" | "message_too_big" | "invalid_value" | "not_found" | "method_not_allowed" | "app_unknown" | "api_key_invalid" | "signing_key_missing" | "key_inactive" | "too_many_items" | "app_disabled" | "room_unknown" | "participant_unknown" | "room_full" | "room_is_live" | "room_not_prepared" | "too_many_prepared_rooms" | "too_many_webhooks" | "feature_disabled" | "stream_target_unknown" | "stream_target_refused" | "stream_not_running" | "recording_running" | "too_many_recordings" | "recording_storage_full" | "guarantees_too_large" | "storage_refused" | "storage_unreachable" | "recording_not_over" | "recording_held" | "recording_purged" | "recording_link_invalid" | "range_not_satisfiable" | "recorder_key_invalid" | "idempotency_in_flight" | "idempotency_key_reused" | "rating_token_invalid" | "one_time_token_invalid" | "email_taken" | "login_failed" | "unauthenticated" | "forbidden" | "second_factor_required" | "second_factor_wrong" | "second_factor_active" | "second_factor_missing" | "proof_required" | "password_wrong" | "tenant_required" | "tenant_suspended" | "view_only" | "owners_only" | "last_owner" | "already_member" | "wrong_invitee" | "identity_provider_unknown" | "mail_unconfigured" | "identity_provider_unreachable" | "identity_refused" | "identity_not_allowed" | "domain_taken" | "own_domain_taken" | "own_domain_unavailable" | "origin_mismatch" | "too_many_attempts" | "too_many_requests" | "busy" | "database_unavailable" | "internal";
        /** @description An app as everybody may see it. */
        PublicApp: {
            /** @description Whether people may join without a token. */
            allows_guests: boolean;
            branding: components["schemas"]["Branding"];
            id: components["schemas"]["AppId"];
            /** @example Klinik Sehat */
            name: string;
        };
        /** @description The platform as everybody may see it. */
        PublicPlatform: {
            /** @description The language of pages for people whose own is not offered. */
            language: components["schemas"]["Language"];
            /** @example Jumpa */
            name: string;
            /**
             * @description Where people ask for help.
             * @example bantuan@call.example
             */
            support_email: string | null;
            /**
             * @description Where people ask for help, https.
             * @example https://call.example/bantuan
             */
            support_url: string | null;
        };
        /** @description Something that explains why media was not good. */
        QualityHint: {
            /**
             * @description `packet_loss`, `slow_path`, `jitter`, `low_bandwidth`, `concealed_sound`, `tcp_path`,
             *     `frozen_video`, `reconnections` or `connection_lost`.
             * @example packet_loss
             */
            code: string;
            params: components["schemas"]["HintParams"];
        };
        /**
         * @description What a file of a recording is.
         * @enum {string}
         */
        RecordedFileRole: "track" | "composite" | "poster" | "events" | "manifest";
        /** @description Somebody who was in the call while it was recorded. */
        RecordedPerson: {
            /** Format: date-time */
            joined_at: string;
            /**
             * Format: date-time
             * @description Null while they are in.
             */
            left_at: string | null;
            /** @example Budi */
            name: string;
            participant_id: components["schemas"]["ParticipantId"];
            /**
             * @description Their id in your own system; null for guests.
             * @example pasien-7
             */
            subject: string | null;
        };
        /** @description A recorder. */
        Recorder: {
            /**
             * Format: int32
             * @description What it can do at once, thousandths of a processor core; 0 while it is away.
             */
            capacity_millicores: number;
            /**
             * Format: date-time
             * @description Since when it is connected; null while it is away.
             */
            connected_at: string | null;
            /**
             * @description Whether its folder of finished recordings is that of the server; without it, it gets only what
             *     goes into a bucket. Null while it is away.
             */
            has_folder: boolean | null;
            /** @example perekam-1 */
            id: string;
            /** @description Whether it gets no more jobs until it is taken back. */
            is_draining: boolean;
            jobs: components["schemas"]["RecorderJob"][];
            /**
             * Format: int32
             * @description What its live jobs are reckoned to take.
             */
            promised_millicores: number;
            /**
             * Format: int64
             * @description Room on the disk of its spool; null until it tells.
             */
            spool_free_bytes: number | null;
            spool_level: components["schemas"]["SpoolLevel"] | null;
            /**
             * Format: int32
             * @description What its jobs take, as it measures.
             */
            used_millicores: number;
            /**
             * @description Null while it is away.
             * @example 0.1.0
             */
            version: string | null;
        };
        /** @description A recording that a recorder has. */
        RecorderJob: {
            app_id: components["schemas"]["AppId"];
            /** @example Klinik Sehat */
            app_name: string | null;
            kind: components["schemas"]["RecordingKind"];
            /**
             * Format: int32
             * @description What it is reckoned to take while it records, thousandths of a processor core.
             */
            millicores: number;
            recording_id: components["schemas"]["RecordingId"];
            /** @example ruang-1 */
            room: string;
            /** Format: date-time */
            started_at: string | null;
            state: components["schemas"]["RecordingState"];
            tenant_id: components["schemas"]["TenantId"];
        };
        /** @description A recording. */
        Recording: {
            app_id: components["schemas"]["AppId"];
            /** Format: int64 */
            bytes: number;
            call_id: components["schemas"]["CallId"];
            /** @description Of a composite: when it is made. */
            compose: components["schemas"]["ComposeTime"];
            /**
             * Format: int64
             * @description Of what is composed: up to where it is made, milliseconds from the start.
             */
            composed_ms: number | null;
            delete_reason: string | null;
            /** Format: date-time */
            deleted_at: string | null;
            deleted_by: string | null;
            /**
             * @description The failure in words of the recorder.
             * @example No space left on device
             */
            detail: string | null;
            /** Format: int64 */
            duration_ms: number | null;
            /**
             * Format: date-time
             * @description When the recorder left the call.
             */
            ended_at: string | null;
            /**
             * Format: date-time
             * @description When its files are removed for their age, unless it is under legal hold.
             */
            expires_at: string | null;
            failure: components["schemas"]["RecordingFailure"] | null;
            fallback: components["schemas"]["RecordingFallback"] | null;
            fell_back_from: components["schemas"]["RecordingKind"] | null;
            has_legal_hold: boolean;
            /** @description Of a composite or a stream: whether names stand on the tiles. */
            has_names: boolean;
            /**
             * Format: int32
             * @description Of a composite or a stream: its height in pixels.
             * @example 720
             */
            height: number;
            id: components["schemas"]["RecordingId"];
            /** @description Whether its recorder has been away for more than a minute: nobody knows whether it records. */
            is_interrupted: boolean;
            /** @description Whether pictures are left out, since the disk of its recorder is nearly full. */
            is_sound_only: boolean;
            /** @description Whether its recorder was told to leave the call. */
            is_stopping: boolean;
            kind: components["schemas"]["RecordingKind"];
            /** @description Of a composite or a stream: where people stand. */
            layout: components["schemas"]["RecordingLayout"];
            /**
             * Format: date-time
             * @description When its files were removed for good.
             */
            purged_at: string | null;
            queue: components["schemas"]["RecordingQueuePlace"] | null;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            queued_at: string;
            /**
             * Format: date-time
             * @description When it became ready or failed.
             */
            ready_at: string | null;
            /**
             * @description Their name at that moment.
             * @example Dewi
             */
            requested_by: string;
            requested_by_id: string | null;
            /**
             * @description Who asked for it: `participant`, `user`, `operator`, `api_key` or `system`.
             * @example participant
             */
            requested_by_kind: string;
            /** @example ruang-1 */
            room: string;
            /**
             * Format: date-time
             * @description When the first packet was written.
             */
            started_at: string | null;
            state: components["schemas"]["RecordingState"];
        };
        /** @description Somebody said in the call that they know of the recording, and whether they agree to it. */
        RecordingConsent: {
            /** @description Whether they agree. */
            agrees: boolean;
            /** Format: date-time */
            consented_at: string;
            /** @description Whether they began the recording, and so were not asked. */
            is_starter: boolean;
            /** @example Budi */
            name: string;
            participant_id: components["schemas"]["ParticipantId"];
        };
        /** @description A recording with all that belongs to it. */
        RecordingDetail: components["schemas"]["Recording"] & {
            consents: components["schemas"]["RecordingConsent"][];
            /** @description What is for people first, then tracks as they began. */
            files: components["schemas"]["RecordingFile"][];
            /** @description Links that can be used. */
            links: components["schemas"]["RecordingLink"][];
            /** @description Who was in the call while it was recorded, one entry for each stay. */
            people: components["schemas"]["RecordedPerson"][];
            /** @description Of a stream: where it is or was sent. */
            targets: components["schemas"]["RecordingTarget"][];
        };
        /**
         * @description How files of recordings are kept from others who can read where they lie.
         * @enum {string}
         */
        RecordingEncryption: "none" | "sse" | "envelope";
        /**
         * @description Why a recording failed.
         * @enum {string}
         */
        RecordingFailure: "call_ended" | "nothing_recorded" | "cancelled" | "call_refused" | "no_capacity" | "target_refused" | "recorder_lost" | "disk_full" | "storage_refused" | "storage_unreachable" | "internal";
        /**
         * @description What is made instead when there is no capacity for what was wanted.
         * @enum {string}
         */
        RecordingFallback: "tracks";
        /** @description A file of a recording. */
        RecordingFile: {
            /** Format: int64 */
            bytes: number;
            /** @example V_VP8 */
            codec: string | null;
            /** @example video/webm */
            content_type: string;
            /** Format: int64 */
            duration_ms: number | null;
            id: components["schemas"]["RecordingFileId"];
            /** @description Whether it was what it should be; null before the first time. */
            is_intact: boolean | null;
            /**
             * @description Its name without folders.
             * @example 001-par_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f-camera.webm
             */
            name: string;
            participant_id: components["schemas"]["ParticipantId"] | null;
            /** @example Budi */
            participant_name: string | null;
            role: components["schemas"]["RecordedFileRole"];
            /** @description SHA-256, lower-case hexadecimal. */
            sha256: string;
            /** @example camera */
            source: string | null;
            /**
             * Format: int64
             * @description Where it begins on the clock of the recording.
             */
            start_ms: number | null;
            /**
             * Format: date-time
             * @description When it was last read again and compared with its checksum.
             */
            verified_at: string | null;
        };
        /**
         * @description A file of a recording.
         * @example file_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f
         */
        RecordingFileId: string;
        /** @description Every recorder, what waits, and how much of it apps may use. */
        RecordingFleet: {
            /** @description Apps that were given something, record or wait. */
            apps: components["schemas"]["AppRecordingSlots"][];
            /**
             * Format: int64
             * @description What all recorders can do at once that take jobs, thousandths of a processor core.
             */
            capacity_millicores: number;
            /**
             * Format: int64
             * @description Most that can be guaranteed with these recorders.
             */
            guaranteed_limit_millicores: number;
            /**
             * Format: int64
             * @description What is guaranteed to all apps together.
             */
            guaranteed_millicores: number;
            /** @description What waits, the next one first. */
            queue: components["schemas"]["WaitingRecording"][];
            recorders: components["schemas"]["Recorder"][];
        };
        /**
         * @description What was recorded of one call.
         * @example rec_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f
         */
        RecordingId: string;
        /**
         * @description What becomes of a call.
         * @enum {string}
         */
        RecordingKind: "tracks" | "composite" | "audio_only" | "stream";
        /**
         * @description Where people stand in a composite. A shared screen takes the stage in each of them.
         * @enum {string}
         */
        RecordingLayout: "grid" | "speaker" | "side_by_side" | "single";
        /** @description A link with which people without a login see a recording. */
        RecordingLink: {
            /** Format: date-time */
            created_at: string;
            /** @example rina@sehat.example */
            created_by: string;
            /** Format: date-time */
            expires_at: string;
            id: components["schemas"]["RecordingLinkId"];
        };
        /**
         * @description A link with which somebody without a login sees a recording.
         * @example rlk_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f
         */
        RecordingLinkId: string;
        /** @description How a call is recorded. */
        RecordingOptions: {
            /** @description Of a composite: when it is made. A stream is always live. */
            compose?: components["schemas"]["ComposeTime"];
            fallback?: components["schemas"]["RecordingFallback"] | null;
            /** @description Of a composite or a stream: whether names stand on the tiles. */
            has_names?: boolean;
            /**
             * Format: int32
             * @description Of a composite or a stream: its height in pixels, 720 or 1080.
             */
            height?: number;
            /** @description What becomes of the call. */
            kind: components["schemas"]["RecordingKind"];
            /** @description Of a composite or a stream: where people stand. */
            layout?: components["schemas"]["RecordingLayout"];
        };
        /** @description The place of a recording that waits for capacity. */
        RecordingQueuePlace: {
            /**
             * Format: date-time
             * @description When it will begin as far as can be told; null when no end is known.
             */
            expected_at: string | null;
            /**
             * Format: int32
             * @description 1 is the next.
             */
            place: number;
        };
        /** @description What an app has of recordings. */
        RecordingQuota: {
            app_id: components["schemas"]["AppId"];
            /** @example Klinik Sehat */
            app_name: string;
            /**
             * Format: int64
             * @description Bytes of them.
             */
            bytes: number;
            /**
             * Format: int64
             * @description Recordings whose files are kept.
             */
            kept: number;
            /**
             * Format: int64
             * @description Most recordings at a time; null is without limit.
             */
            recordings_at_once: number | null;
            /**
             * Format: int64
             * @description How long recordings are kept; null is without end.
             */
            retention_days: number | null;
            /**
             * Format: int64
             * @description Recordings that are running.
             */
            running: number;
            /** @description How much of the recorders it may use and uses. */
            slots: components["schemas"]["RecordingSlots"];
            /**
             * Format: int64
             * @description Most bytes that are kept; null is without limit.
             */
            storage_bytes: number | null;
        };
        /** @description Slots, thousandths of a processor core. */
        RecordingSlots: {
            /**
             * Format: int32
             * @description What it takes at most; null is all there is.
             */
            burst_millicores: number | null;
            /**
             * Format: int32
             * @description What the app has whenever it wants it.
             */
            guaranteed_millicores: number;
            /**
             * Format: int32
             * @description What its live recordings are reckoned to take.
             */
            used_millicores: number;
            /**
             * Format: int32
             * @description Its recordings that wait.
             */
            waiting: number;
            /**
             * Format: int32
             * @description Its share of what is free, against the weights of others that wait.
             */
            weight: number;
        };
        /**
         * @description How far a recording is.
         * @enum {string}
         */
        RecordingState: "queued" | "starting" | "active" | "finalising" | "uploading" | "ready" | "failed";
        /** @description Where recordings lie. */
        RecordingStorage: {
            encryption: components["schemas"]["RecordingEncryption"] | null;
            /**
             * @description Whether it was chosen here. An app without a choice of its own uses the storage of the
             *     platform, and a platform without one the folder of the server.
             */
            is_own: boolean;
            s3: components["schemas"]["S3Storage"] | null;
            /** Format: date-time */
            updated_at: string | null;
        };
        /** @description A storage that did everything it was asked. */
        RecordingStorageCheck: {
            /**
             * Format: int64
             * @description How long putting, listing, reading and deleting a small object took.
             * @example 84
             */
            duration_ms: number;
        };
        /** @description A target of a stream. Its key is shown to nobody. */
        RecordingTarget: {
            /**
             * Format: int32
             * @description What is sent to it.
             */
            bitrate_bps: number | null;
            failure: components["schemas"]["StreamFailure"] | null;
            id: components["schemas"]["StreamTargetId"];
            /** @description Whether it was taken out while the stream ran. */
            is_removed: boolean;
            /**
             * @description The last characters of the key, by which people tell keys apart.
             * @example 1234
             */
            key_end: string;
            /** @example Kanal klinik */
            name: string;
            /**
             * Format: date-time
             * @description When it was live for the first time.
             */
            started_at: string | null;
            state: components["schemas"]["StreamState"];
            /**
             * @description Its address without the key.
             * @example rtmps://a.rtmps.youtube.com/live2
             */
            url: string;
            /**
             * @description Where viewers see the stream.
             * @example https://youtu.be/abc
             */
            viewer_url: string | null;
        };
        /** @description One time that somebody was given something of a recording. */
        RecordingView: {
            /** @example 10.1.0.7 */
            address: string | null;
            /** Format: date-time */
            at: string;
            file_id: components["schemas"]["RecordingFileId"] | null;
            id: components["schemas"]["RecordingViewId"];
            /**
             * @description `file`, `link_opened` or `evidence`.
             * @example file
             */
            kind: string;
            link_id: components["schemas"]["RecordingLinkId"] | null;
            /**
             * @description Their name at that moment; of a link, who made it.
             * @example rina@sehat.example
             */
            viewer: string;
            viewer_id: string | null;
            /**
             * @description `user`, `operator`, `api_key` or `link`.
             * @example user
             */
            viewer_kind: string;
        };
        /**
         * @description One time that somebody was given something of a recording.
         * @example view_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f
         */
        RecordingViewId: string;
        /** @description Codes for the day when the phone is lost, shown here and never again. */
        RecoveryCodes: {
            /**
             * @description Each works once.
             * @example [
             *       "k3x9q-m7w2r",
             *       "p4t8z-b6n5c"
             *     ]
             */
            recovery_codes: string[];
        };
        /** @description How somebody is removed. */
        RemoveParticipant: {
            /** @description Whether they may not come back into this call. For longer, ban their subject in the app. */
            is_banned?: boolean;
        };
        /**
         * @description Something that happened.
         * @example evt_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f
         */
        ReportId: string;
        /** @description The request of the mail. */
        RequestPasswordReset: {
            /** @example rina@melati.example */
            email: string;
        };
        /** @description The request of the change. */
        ResetPassword: {
            password: string;
            /** @description From the link. */
            token: string;
        };
        /**
         * @description What a member is to a tenant, the mightiest first.
         * @enum {string}
         */
        Role: "owner" | "admin" | "developer" | "agent" | "viewer";
        /**
         * @description A named place inside an app.
         * @example ruang-1
         */
        RoomName: string;
        /** @description How much a room was used. */
        RoomUsage: {
            app_id: components["schemas"]["AppId"];
            /** Format: int64 */
            calls: number;
            /** Format: double */
            participant_minutes: number;
            /** @example ruang-1 */
            room: string;
        };
        /** @description The request. */
        RotateAppKey: {
            /**
             * Format: int64
             * @description How long the old key signs beside the new one, seconds; 0 ends it at once. Give your servers
             *     the time to learn the new one.
             * @example 86400
             */
            overlap_s: number;
            /** @description The public half of the new key, for every kind but `hs256`. */
            public_key?: string | null;
        };
        /** @description A new secret. */
        RotatedSecret: {
            /**
             * @description Signs requests from now on. Shown here and never again.
             * @example whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD
             */
            secret: string;
        };
        /** @description A bucket. */
        S3Storage: {
            /**
             * @description Its secret half is never shown.
             * @example AKIAIOSFODNN7EXAMPLE
             */
            access_key_id: string;
            /** @example rekaman-klinik */
            bucket: string;
            /**
             * @description Null for AWS.
             * @example https://s3.klinik.example
             */
            endpoint: string | null;
            is_path_style: boolean;
            /** @example panggilan */
            prefix: string;
            /** @example ap-southeast-3 */
            region: string;
        };
        /** @description What is written. */
        SendMessage: {
            /** @example The clinic closes in ten minutes. */
            text: string;
        };
        /** @description The request. */
        SendTestMail: {
            /**
             * @description Who gets it; whoever asks when it is left out.
             * @example rina@jumpa.example
             */
            recipient?: string | null;
        };
        /** @description An invitation that was just sent. */
        SentInvitation: {
            invitation: components["schemas"]["Invitation"];
            /**
             * @description The link of the mail, where this server sends none: hand it over yourself. Shown here and
             *     never again; null where the mail is on its way.
             * @example https://call.example/dashboard/invitation?token=0fJ3kQm9TzX2rYb7LhWc
             */
            link: string | null;
        };
        /** @description A test that is on its way. */
        SentTest: {
            delivery: components["schemas"]["WebhookDelivery"];
        };
        /** @description A login in one browser. */
        Session: {
            /**
             * @description From which network address it began.
             * @example 192.0.2.7
             */
            address: string | null;
            /** Format: date-time */
            created_at: string;
            /** @description The browser's own description, `User-Agent`. */
            device: string | null;
            /** Format: date-time */
            expires_at: string;
            id: components["schemas"]["SessionId"];
            /** @description Whether it is the one that asks. */
            is_current: boolean;
            /**
             * Format: date-time
             * @description To a few minutes.
             */
            last_seen_at: string | null;
        };
        /**
         * @description A login of somebody in one browser.
         * @example ses_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f
         */
        SessionId: string;
        /** @description Where a stream is sent. */
        SetTargets: {
            /** @description All targets from now on: those that go on by their `id`, new ones in full. */
            targets: components["schemas"]["TargetRequest"][];
        };
        /** @description A file with a link that works for 15 minutes. */
        SharedFile: {
            file: components["schemas"]["RecordingFile"];
            link: components["schemas"]["FileLink"];
        };
        /** @description A recording as a link shows it: what can be seen and heard, and nothing of who is behind it. */
        SharedRecording: {
            /** Format: int64 */
            duration_ms: number | null;
            /**
             * Format: date-time
             * @description Until when the link can be used.
             */
            expires_at: string;
            files: components["schemas"]["SharedFile"][];
            kind: components["schemas"]["RecordingKind"];
            /** @example ruang-1 */
            room: string;
            /** Format: date-time */
            started_at: string | null;
        };
        /** @description The request. */
        ShowInvitationLink: {
            /** @description From the link. */
            token: string;
        };
        /**
         * @description How full the disk of a recorder's spool is, and what is done about it.
         * @enum {string}
         */
        SpoolLevel: "roomy" | "filling" | "scarce" | "sound_only";
        /** @description The request. */
        StartIdentityLogin: {
            /** @example rina@melati.example */
            email: string;
            /**
             * @description The page of the dashboard to go to afterwards.
             * @example /dashboard/
             */
            next?: string | null;
        };
        /** @description How a call is recorded. */
        StartRecording: {
            compose?: components["schemas"]["ComposeTime"] | null;
            fallback?: components["schemas"]["RecordingFallback"] | null;
            /** @description Of a composite or a stream: whether names stand on the tiles; they do when it is left out. */
            has_names?: boolean | null;
            /**
             * Format: int32
             * @description Of a composite or a stream: its height in pixels, 720 or 1080; 720 when it is left out.
             */
            height?: number | null;
            kind: components["schemas"]["RecordingKind"];
            layout?: components["schemas"]["RecordingLayout"] | null;
            /**
             * Format: int32
             * @description Height of the largest picture that is taken from the call, pixels; as much as is shown when
             *     it is left out, 720 of tracks.
             */
            max_height?: number | null;
            /** @description Of a stream: where it is sent. */
            targets?: components["schemas"]["TargetRequest"][];
        };
        /** @description One thing that a server was started with. */
        StartSetting: {
            /**
             * @description The key of the configuration that changes it; null for what no key changes.
             * @example http.listen
             */
            key: string | null;
            /**
             * @description What it is; stable.
             * @example http_listen
             */
            name: string;
            /**
             * @description What it is set to; null where it is not set.
             * @example 127.0.0.1:8080
             */
            value: string | null;
        };
        /** @description A target for streams that an app has stored. */
        StoredStreamTarget: {
            app_id: components["schemas"]["AppId"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-22T04:30:00Z
             */
            created_at: string;
            id: components["schemas"]["StreamTargetId"];
            /**
             * @description The last characters of the key, by which people tell keys apart.
             * @example 1234
             */
            key_end: string;
            /** @example Kanal klinik */
            name: string;
            /**
             * @description Its address without the key.
             * @example rtmps://a.rtmps.youtube.com/live2
             */
            url: string;
            /**
             * @description Where viewers see the stream.
             * @example https://youtu.be/abc
             */
            viewer_url: string | null;
        };
        /**
         * @description Why a target gets no stream.
         * @enum {string}
         */
        StreamFailure: "unreachable" | "key_refused" | "certificate_invalid" | "connection_lost";
        /**
         * @description A service whose address need not be entered.
         * @enum {string}
         */
        StreamPreset: "youtube";
        /**
         * @description How a stream to one target is.
         * @enum {string}
         */
        StreamState: "connecting" | "live" | "reconnecting" | "refused" | "ended";
        /**
         * @description Where a stream is sent.
         * @example stt_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f
         */
        StreamTargetId: string;
        /** @description Whether newcomers wait. */
        SwitchLobby: {
            /** @description `false` lets everybody in who waits, as far as there is place. */
            is_enabled: boolean;
        };
        /** @description Both kinds of settings. */
        SystemSettings: {
            /** @description Can be changed at any time, by `PATCH` on the same path. */
            platform: components["schemas"]["PlatformSettings"];
            /** @description What the running server was started with: changes with its configuration and a restart. */
            server: components["schemas"]["StartSetting"][];
        };
        /**
         * @description A target of a stream: one that is known, by its `id` alone, or a new one with a key and with a
         *     preset or an address.
         */
        TargetRequest: {
            id?: components["schemas"]["StreamTargetId"] | null;
            /**
             * @description The stream key. It is never shown again.
             * @example abcd-efgh-1234
             */
            key?: string | null;
            /**
             * @description How people call it; the preset's name or the host of its address when it is left out.
             * @example Kanal klinik
             */
            name?: string | null;
            preset?: components["schemas"]["StreamPreset"] | null;
            /**
             * @description `rtmp://` or `rtmps://` with the application, without the key.
             * @example rtmps://live.klinik.example/app
             */
            url?: string | null;
            /**
             * @description Where viewers see the stream; everybody in the call is shown it.
             * @example https://youtu.be/abc
             */
            viewer_url?: string | null;
        };
        /** @description A tenant. */
        Tenant: {
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-22T04:30:00Z
             */
            created_at: string;
            id: components["schemas"]["TenantId"];
            /** @example Toko Melati */
            name: string;
            status: components["schemas"]["TenantStatus"];
            /**
             * @description IANA name of the zone that days and months are counted in.
             * @example Asia/Jakarta
             */
            time_zone: string;
        };
        /**
         * @description The operator's customer.
         * @example ten_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f
         */
        TenantId: string;
        /** @description A provider as those see it whom it names; the operator sets it up. */
        TenantIdentityProvider: {
            /** @description Whose e-mail addresses it answers for. */
            domains: string[];
            id: components["schemas"]["IdentityProviderId"];
            /** @example https://login.melati.example */
            issuer: string;
            /** @example Akun Toko Melati */
            name: string;
            new_role: components["schemas"]["Role"] | null;
        };
        /** @description Who shall own a new tenant. */
        TenantOwner: {
            /** @example rina@melati.example */
            email: string;
            language?: components["schemas"]["Language"] | null;
        };
        /**
         * @description Whether a tenant may use the platform.
         * @enum {string}
         */
        TenantStatus: "active" | "suspended";
        /** @description What a tenant used in a month. */
        TenantUsage: {
            /**
             * Format: int64
             * @description Apps that were used.
             */
            apps: number;
            /**
             * Format: int64
             * @description That began in the month.
             */
            calls: number;
            /**
             * Format: int64
             * @description Different people; who has no id of the tenant's own system counts with each call.
             */
            monthly_active_users: number;
            /** Format: double */
            participant_minutes: number;
            /**
             * Format: int64
             * @description Who came for the first time into a call in the month.
             */
            participants: number;
            /**
             * Format: int64
             * @description Most at once.
             */
            peak_participants: number;
            tenant_id: components["schemas"]["TenantId"];
            /** @example Toko Melati */
            tenant_name: string;
        };
        /** @description A look at a client. */
        TenantView: {
            tenant_id: components["schemas"]["TenantId"];
            /** @description Until when, RFC 3339, UTC. */
            until: string;
        };
        /** @description What the mail server said. */
        TestMailOutcome: {
            /** @description Whether the mail server took it; the inbox shows whether it arrives. */
            is_sent: boolean;
            /**
             * @description Why it was not sent, in the words of the mail server or of the connection to it.
             * @example permanent error (550): mailbox unavailable
             */
            problem: string | null;
            /** @example rina@jumpa.example */
            recipient: string;
        };
        /** @description Why somebody with the token may not join. */
        TokenProblem: {
            /**
             * @description The code that a join is refused with.
             * @example token_expired
             */
            code: string;
            /** @description One English sentence for developers. */
            detail: string;
        };
        /**
         * @description Which way a track goes, seen from the participant: to the server or from it.
         * @enum {string}
         */
        TrackDirection: "sent" | "received";
        /**
         * @description Sound or pictures.
         * @enum {string}
         */
        TrackKind: "audio" | "video";
        /** @description Figures of some seconds; what was not measured is null. */
        TrackPoint: {
            /**
             * Format: date-time
             * @description When these seconds begin.
             */
            at: string;
            /** Format: double */
            bitrate_bps: number | null;
            /**
             * Format: double
             * @description Share of sound that was made up, 0 to 1.
             */
            concealed_ratio: number | null;
            /**
             * Format: double
             * @description Height of the picture, pixels.
             */
            frame_height: number | null;
            /** Format: double */
            frames_per_second: number | null;
            /**
             * Format: int32
             * @description Freezes in these seconds.
             */
            freeze_count: number | null;
            /** Format: double */
            jitter_ms: number | null;
            /**
             * Format: double
             * @description Mean opinion score, 1 (bad) to 4.4.
             */
            mos: number | null;
            /**
             * Format: double
             * @description 0 to 1.
             */
            packet_loss_ratio: number | null;
            /**
             * Format: double
             * @description Of the participant to the server.
             */
            round_trip_time_ms: number | null;
        };
        /**
         * @description What a participant sends.
         * @enum {string}
         */
        TrackSource: "microphone" | "camera" | "screen" | "screen_audio";
        /** @description The request; what is left out stays. */
        UpdateApp: {
            allows_any_room?: boolean | null;
            auto_record?: components["schemas"]["AutoRecordRequest"] | null;
            branding?: components["schemas"]["BrandingChange"] | null;
            features?: components["schemas"]["FeatureSwitches"] | null;
            guests?: components["schemas"]["GuestPolicy"] | null;
            is_disabled?: boolean | null;
            keeps_running_calls?: boolean | null;
            /** @example Toko Melati */
            name?: string | null;
            one_time_tokens?: boolean | null;
            /**
             * @description All pages that may embed its calls.
             * @example [
             *       "https://melati.example"
             *     ]
             */
            origins?: string[] | null;
            /**
             * @description Whether there is no call without a recording: nobody gets in while none is possible, and a
             *     call ends a minute after it has lost its recording.
             */
            recording_required?: boolean | null;
            takes_tokens_without_key_id?: boolean | null;
        };
        /** @description What changes; what is left out stays. */
        UpdateIdentityProvider: {
            client_secret?: string | null;
            /** @description Whose e-mail addresses it answers for. */
            domains?: string[] | null;
            name?: string | null;
            new_role?: components["schemas"]["Role"] | null;
        };
        /** @description The request; what is left out stays. */
        UpdateMe: {
            language?: components["schemas"]["Language"] | null;
            /** @example Rina */
            name?: string | null;
        };
        /** @description The request. */
        UpdateMember: {
            role: components["schemas"]["Role"];
        };
        /** @description The request; what is left out stays. */
        UpdateOperatorApp: {
            environment?: components["schemas"]["Environment"] | null;
            /** @description A disabled app takes no joins. */
            is_disabled?: boolean | null;
            limits?: components["schemas"]["LimitChange"] | null;
            /**
             * @description The host name that links into its rooms lead to; null takes it away.
             * @example call.melati.example
             */
            own_domain?: string | null;
        };
        /** @description How much of the recorders an app may use, thousandths of a processor core. */
        UpdateRecordingSlots: {
            /**
             * Format: int32
             * @description What it takes at most, no less than what is guaranteed; null is all there is.
             */
            burst_millicores: number | null;
            /**
             * Format: int32
             * @description What it has whenever it wants it.
             * @example 1200
             */
            guaranteed_millicores: number;
            /**
             * Format: int32
             * @description Its share of what is free, against the weights of others that wait.
             * @example 1
             */
            weight: number;
        };
        /** @description Where recordings shall lie. */
        UpdateRecordingStorage: {
            /** @description How files are kept from others who can read there. Recordings that exist stay as they are. */
            encryption: components["schemas"]["RecordingEncryption"];
            s3: components["schemas"]["UpdateS3Storage"] | null;
        };
        /** @description A bucket and a key that may put, get, list and delete there. */
        UpdateS3Storage: {
            /** @example AKIAIOSFODNN7EXAMPLE */
            access_key_id: string;
            /** @example rekaman-klinik */
            bucket: string;
            /**
             * @description Address of the server, without a path; that of AWS when it is left out.
             * @example https://s3.klinik.example
             */
            endpoint?: string | null;
            /**
             * @description Whether the bucket stands in the path of requests and not in the name of the host. When it
             *     is left out: yes, where an endpoint is named.
             */
            is_path_style?: boolean | null;
            /**
             * @description What keys begin with; nothing when it is left out.
             * @example panggilan
             */
            prefix?: string;
            /**
             * @description As requests are signed for it; many servers take any.
             * @example ap-southeast-3
             */
            region: string;
            /** @description Never shown again. May be left out while access key and place stay as they are. */
            secret_access_key?: string | null;
        };
        /** @description What changes; what is left out stays. */
        UpdateSettings: {
            language?: components["schemas"]["Language"] | null;
            /**
             * @description How mails and dashboards name the platform.
             * @example Jumpa
             */
            name?: string | null;
            new_app_environment?: components["schemas"]["Environment"] | null;
            production_limits?: components["schemas"]["LimitChange"] | null;
            /**
             * @description Where people ask for help; null takes it away.
             * @example bantuan@call.example
             */
            support_email?: string | null;
            /**
             * @description Where people ask for help, an address that begins with https://; null takes it away.
             * @example https://call.example/bantuan
             */
            support_url?: string | null;
            trial_limits?: components["schemas"]["LimitChange"] | null;
        };
        /** @description What changes; what is left out stays. */
        UpdateStreamTarget: {
            /**
             * @description Another stream key.
             * @example abcd-efgh-1234
             */
            key?: string | null;
            /** @example Kanal klinik */
            name?: string | null;
            /**
             * @description Another address, without the key. It needs a key as well: the one that is stored was given
             *     for another place.
             * @example rtmps://live.klinik.example/app
             */
            url?: string | null;
            /**
             * @description Where viewers see the stream; null when nowhere.
             * @example https://youtu.be/abc
             */
            viewer_url?: string | null;
        };
        /** @description The request; what is left out stays. */
        UpdateTenant: {
            /** @example Toko Melati */
            name?: string | null;
            /**
             * @description IANA name.
             * @example Asia/Jakarta
             */
            time_zone?: string | null;
        };
        /** @description What changes; what is left out stays. */
        UpdateWebhook: {
            /**
             * @description Names of events, or `*` for every one.
             * @example [
             *       "room.started",
             *       "room.ended"
             *     ]
             */
            events?: components["schemas"]["WebhookEventChoice"][] | null;
            format?: components["schemas"]["Format"] | null;
            /** @description While it is paused, events are not written for it, and what waits stays. */
            is_paused?: boolean | null;
            /** @example https://klinik.example/hooks/jumpa */
            url?: string | null;
        };
        /** @description One day. */
        UsageDay: {
            /** Format: int64 */
            calls: number;
            /**
             * Format: date
             * @example 2026-11-22
             */
            date: string;
            /** Format: double */
            good_quality_share: number | null;
            /** Format: double */
            participant_minutes: number;
            /** Format: int64 */
            participants: number;
            /** Format: int64 */
            peak_participants: number;
        };
        /** @description A limit and what is used of it. */
        UsageLimit: {
            alert: components["schemas"]["LimitAlert"];
            /**
             * Format: int64
             * @description Null is without limit.
             */
            limit: number | null;
            name: components["schemas"]["LimitName"];
            /**
             * Format: double
             * @description Of the limit that is used; null without limit.
             */
            ratio: number | null;
            /**
             * Format: double
             * @description Minutes of all participants in this month; calls that go on; participants of the largest of
             *     them; recordings that are running; bytes of recordings that are kept.
             */
            used: number;
        };
        /** @description Rows of usage. */
        UsageReport: {
            data: components["schemas"]["UsageRow"][];
        };
        /** @description How much an app was used in a period. */
        UsageRow: {
            app_id: components["schemas"]["AppId"];
            /** @example Klinik Sehat */
            app_name: string;
            /**
             * Format: int64
             * @description That began in it.
             */
            calls: number;
            /**
             * Format: int64
             * @description Different people in the month; null for a day.
             */
            monthly_active_users: number | null;
            /** Format: double */
            participant_minutes: number;
            /**
             * Format: int64
             * @description Who came for the first time into a call in it.
             */
            participants: number;
            /**
             * Format: int64
             * @description Most at once.
             */
            peak_participants: number;
            /**
             * @description A day or a month of the tenant's time zone.
             * @example 2026-11-22
             */
            period: string;
        };
        /** @description Several days together. */
        UsageTotals: {
            /**
             * Format: int64
             * @description That began on these days.
             */
            calls: number;
            /**
             * Format: double
             * @description Share of the measured time; null when nothing was measured.
             */
            good_quality_share: number | null;
            /**
             * Format: int64
             * @description Of the calls that are over; null without any.
             */
            median_duration_s: number | null;
            /**
             * Format: int64
             * @description Different people in the calendar month of the last day; who has no id of your own system
             *     counts with each call.
             */
            monthly_active_users: number;
            /**
             * Format: double
             * @description Share of the calls in which there were two at once and never more; null without calls.
             */
            one_on_one_share: number | null;
            /** Format: double */
            participant_minutes: number;
            /**
             * Format: int64
             * @description Who came for the first time into a call on these days.
             */
            participants: number;
            /**
             * Format: int64
             * @description Most at once.
             */
            peak_participants: number;
        };
        /**
         * @description Somebody who logs in to dashboards.
         * @example usr_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f
         */
        UserId: string;
        /**
         * @description How bad a finding is.
         * @enum {string}
         */
        Verdict: "good" | "doubtful" | "bad";
        /** @description What was found. */
        Verification: {
            files: components["schemas"]["RecordingFile"][];
            /** @description Whether every file is there and has its checksum; false for a recording without files. */
            is_intact: boolean;
        };
        /** @description A recording that waits for a recorder. */
        WaitingRecording: components["schemas"]["RecordingQueuePlace"] & {
            app_id: components["schemas"]["AppId"];
            /** @example Klinik Sehat */
            app_name: string | null;
            kind: components["schemas"]["RecordingKind"];
            /**
             * Format: int32
             * @description What it is reckoned to take, thousandths of a processor core.
             */
            millicores: number;
            /** Format: date-time */
            queued_at: string;
            recording_id: components["schemas"]["RecordingId"];
            /** @example ruang-1 */
            room: string;
            tenant_id: components["schemas"]["TenantId"];
        };
        /** @description A webhook. */
        Webhook: {
            app_id: components["schemas"]["AppId"] | null;
            /** Format: date-time */
            created_at: string;
            /**
             * @description Names, or `*` for every one.
             * @example [
             *       "room.started",
             *       "room.ended"
             *     ]
             */
            events: components["schemas"]["WebhookEventChoice"][];
            /**
             * Format: date-time
             * @description Since when no request was taken; null while they are.
             */
            failing_since: string | null;
            format: components["schemas"]["Format"];
            id: components["schemas"]["WebhookId"];
            is_paused: boolean;
            /** Format: date-time */
            last_delivery_at: string | null;
            last_status: components["schemas"]["WebhookLastStatus"] | null;
            pause_reason: components["schemas"]["WebhookPauseReason"] | null;
            /** @example https://klinik.example/hooks/jumpa */
            url: string;
        };
        /** @description One request. */
        WebhookAttempt: {
            /** Format: date-time */
            at: string;
            /** Format: int64 */
            duration_ms: number;
            /** @description Why no answer came. */
            error: string | null;
            /** @description The first 4,096 bytes of the answer. */
            response_body: string;
            /**
             * Format: int64
             * @example 500
             */
            status_code: number | null;
        };
        /** @description An event on its way to a webhook. */
        WebhookDelivery: {
            /** Format: int32 */
            attempts: number;
            /** Format: date-time */
            created_at: string;
            /** @description `webhook-id` of the request: the same in every attempt. */
            event_id: components["schemas"]["ReportId"];
            event_type: components["schemas"]["WebhookEventName"];
            id: components["schemas"]["WebhookDeliveryId"];
            /**
             * Format: int64
             * @example 204
             */
            last_status_code: number | null;
            /**
             * Format: date-time
             * @description When it is tried again.
             */
            next_attempt_at: string | null;
            /** @description `pending`, `delivered` or `failed`. */
            status: components["schemas"]["WebhookDeliveryStatus"];
            webhook_id: components["schemas"]["WebhookId"];
        };
        /**
         * @description One event on its way to one webhook.
         * @example del_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f
         */
        WebhookDeliveryId: string;
        /**
         * @description How far a delivery is.
         * @enum {string}
         */
        WebhookDeliveryStatus: "pending" | "delivered" | "failed";
        /**
         * @description An event that a webhook hears of, or `*` for every one.
         * @enum {string}
         */
        WebhookEventChoice: "*" | "room.started" | "room.ended" | "call.ended" | "participant.joined" | "participant.left" | "participant.joined_lobby" | "participant.left_lobby" | "participant.role_changed" | "app.created" | "app.changed" | "app.deleted" | "app.restored" | "key.created" | "key.rotated" | "key.revoked" | "quota.warning" | "quota.reached" | "recording.queued" | "recording.started" | "recording.degraded" | "recording.ended" | "recording.ready" | "recording.failed" | "recording.deleted" | "stream.started" | "stream.reconnecting" | "stream.resumed" | "stream.failed" | "stream.ended" | "webhook.test";
        /**
         * @description Something that webhooks tell. More are added: receivers pass over names that they do not know.
         * @enum {string}
         */
        WebhookEventName: "room.started" | "room.ended" | "call.ended" | "participant.joined" | "participant.left" | "participant.joined_lobby" | "participant.left_lobby" | "participant.role_changed" | "app.created" | "app.changed" | "app.deleted" | "app.restored" | "key.created" | "key.rotated" | "key.revoked" | "quota.warning" | "quota.reached" | "recording.queued" | "recording.started" | "recording.degraded" | "recording.ended" | "recording.ready" | "recording.failed" | "recording.deleted" | "stream.started" | "stream.reconnecting" | "stream.resumed" | "stream.failed" | "stream.ended" | "webhook.test";
        /** @description A webhook that fails, with its tenant. */
        WebhookFailure: {
            tenant_id: components["schemas"]["TenantId"];
            /** @example Toko Melati */
            tenant_name: string;
            webhook: components["schemas"]["Webhook"];
        };
        /**
         * @description A place where a tenant wants to hear of events.
         * @example whk_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f
         */
        WebhookId: string;
        /**
         * @description How the last request to a webhook went.
         * @enum {string}
         */
        WebhookLastStatus: "delivered" | "failed";
        /**
         * @description Why a webhook is not called: somebody asked for it, it failed for three days, or it answered 410.
         * @enum {string}
         */
        WebhookPauseReason: "requested" | "failing" | "gone";
    };
    responses: {
        /** @description Refused */
        Refusal: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    show_openapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            default: components["responses"]["Refusal"];
        };
    };
    list_apps: {
        parameters: {
            query?: {
                /** @description From `next_cursor` of the page before. */
                cursor?: string;
                /** @description Most rows on the page. */
                limit?: number;
                /** @description `deleted` shows those that were deleted and can be restored; without it they are left out. */
                status?: "deleted";
            };
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_App"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    create_app: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateApp"];
            };
        };
        responses: {
            /** @description The app */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["App"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            409: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    show_app: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The app */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["App"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    delete_app: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The app, deleted */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["App"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    update_app: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateApp"];
            };
        };
        responses: {
            /** @description The app */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["App"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            409: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_api_keys: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All on one page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ApiKey"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    create_api_key: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateApiKey"];
            };
        };
        responses: {
            /** @description The key and its secret */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedApiKey"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            409: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    delete_api_key: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                api_key_id: components["schemas"]["ApiKeyId"];
                app_id: components["schemas"]["AppId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is void */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_bans: {
        parameters: {
            query?: {
                /** @description From `next_cursor` of the page before. */
                cursor?: string;
                /** @description Most rows on the page. */
                limit?: number;
            };
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Ban"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    create_ban: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateBan"];
            };
        };
        responses: {
            /** @description The ban */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ban"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            409: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    delete_ban: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
                ban_id: components["schemas"]["BanId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The person may join */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_app_keys: {
        parameters: {
            query?: {
                /** @description From `next_cursor` of the page before. */
                cursor?: string;
                /** @description Most rows on the page. */
                limit?: number;
            };
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AppKey"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    create_app_key: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateAppKey"];
            };
        };
        responses: {
            /** @description The key, and its secret if it has one */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewAppKey"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            409: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    revoke_app_key: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
                key_id: components["schemas"]["KeyId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It signs no more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    rotate_app_key: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
                key_id: components["schemas"]["KeyId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RotateAppKey"];
            };
        };
        responses: {
            /** @description The new key */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewAppKey"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            409: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    show_app_key_secret: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
                key_id: components["schemas"]["KeyId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The secret */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppKeySecret"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    show_prepared_room: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
                room: components["schemas"]["RoomName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The prepared room */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreparedRoom"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    delete_prepared_room: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
                room: components["schemas"]["RoomName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    show_recording_storage: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Where */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordingStorage"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    update_recording_storage: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateRecordingStorage"];
            };
        };
        responses: {
            /** @description Where */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordingStorage"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            409: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            502: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    remove_recording_storage: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    check_recording_storage: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does what it is asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordingStorageCheck"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            409: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            502: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    restore_app: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The app */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["App"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    show_room: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
                room: components["schemas"]["RoomName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The call */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LiveRoom"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    prepare_room: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
                room: components["schemas"]["RoomName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PrepareRoom"];
            };
        };
        responses: {
            /** @description Prepared */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreparedRoom"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    end_room: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
                room: components["schemas"]["RoomName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    switch_lobby: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
                room: components["schemas"]["RoomName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SwitchLobby"];
            };
        };
        responses: {
            /** @description Switched */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    lock_room: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
                room: components["schemas"]["RoomName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LockRoom"];
            };
        };
        responses: {
            /** @description Locked, or open */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    send_room_message: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
                room: components["schemas"]["RoomName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendMessage"];
            };
        };
        responses: {
            /** @description Written */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_room_participants: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
                room: components["schemas"]["RoomName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Everybody */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_LiveParticipant"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    admit_participant: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
                participant_id: components["schemas"]["ParticipantId"];
                room: components["schemas"]["RoomName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description On the way in */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    send_participant_message: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
                participant_id: components["schemas"]["ParticipantId"];
                room: components["schemas"]["RoomName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendMessage"];
            };
        };
        responses: {
            /** @description Written */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    mute_participant: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
                participant_id: components["schemas"]["ParticipantId"];
                room: components["schemas"]["RoomName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MuteParticipant"];
            };
        };
        responses: {
            /** @description Closed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    remove_participant: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
                participant_id: components["schemas"]["ParticipantId"];
                room: components["schemas"]["RoomName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RemoveParticipant"];
            };
        };
        responses: {
            /** @description Out */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    start_recording: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
                room: components["schemas"]["RoomName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartRecording"];
            };
        };
        responses: {
            /** @description The recording */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recording"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_stream_targets: {
        parameters: {
            query?: {
                /** @description From `next_cursor` of the page before. */
                cursor?: string;
                /** @description Most rows on the page. */
                limit?: number;
            };
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_StoredStreamTarget"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    create_stream_target: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateStreamTarget"];
            };
        };
        responses: {
            /** @description The target */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoredStreamTarget"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            409: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    delete_stream_target: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
                target_id: components["schemas"]["StreamTargetId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    update_stream_target: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
                target_id: components["schemas"]["StreamTargetId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateStreamTarget"];
            };
        };
        responses: {
            /** @description The target */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoredStreamTarget"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    create_token: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateToken"];
            };
        };
        responses: {
            /** @description The token */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedToken"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            409: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    check_token: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                app_id: components["schemas"]["AppId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CheckToken"];
            };
        };
        responses: {
            /** @description What a join would be told */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckedToken"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_audit_events: {
        parameters: {
            query?: {
                /** @description Exactly this action, `member.removed`. */
                action?: string;
                /** @description Exactly this actor, by public id. */
                actor_id?: string;
                /** @description From `next_cursor` of the page before. */
                cursor?: string;
                /** @description Not before, RFC 3339. */
                from?: string;
                /** @description Most rows on the page. */
                limit?: number;
                /** @description Exactly this target, by public id. */
                target_id?: string;
                /** @description Before, RFC 3339. */
                until?: string;
            };
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AuditEvent"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_calls: {
        parameters: {
            query?: {
                app_id?: components["schemas"]["AppId"];
                /** @description From `next_cursor` of the page before. */
                cursor?: string;
                /** @description Begun at or after, RFC 3339. */
                from?: string;
                /** @description Most rows on the page. */
                limit?: number;
                /** @description At least so long. */
                min_duration_s?: number;
                /** @description With somebody of exactly this id of your own system, or of this name. */
                participant?: string;
                quality?: "good" | "fair" | "poor" | "unknown";
                /** @description In exactly this room. */
                room?: string;
                state?: "live" | "ended";
                /** @description Begun before, RFC 3339. */
                until?: string;
            };
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Call"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    show_call: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                call_id: components["schemas"]["CallId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The call */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallDetail"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_call_events: {
        parameters: {
            query?: {
                /** @description From `next_cursor` of the page before. */
                cursor?: string;
                /** @description Most rows on the page. */
                limit?: number;
            };
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                call_id: components["schemas"]["CallId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_CallEvent"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_call_participants: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                call_id: components["schemas"]["CallId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Everybody */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_CallParticipant"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    show_call_quality: {
        parameters: {
            query?: {
                /** @description Only of this participant, with more points. */
                participant_id?: components["schemas"]["ParticipantId"];
            };
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                call_id: components["schemas"]["CallId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Participants with their tracks */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallMedia"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    export_calls: {
        parameters: {
            query?: {
                app_id?: components["schemas"]["AppId"];
                /** @description `csv` without it. */
                format?: "csv" | "ndjson";
                /** @description Begun at or after, RFC 3339. */
                from?: string;
                /** @description At least so long. */
                min_duration_s?: number;
                /** @description With somebody of exactly this id of your own system, or of this name. */
                participant?: string;
                quality?: "good" | "fair" | "poor" | "unknown";
                /** @description In exactly this room. */
                room?: string;
                state?: "live" | "ended";
                /** @description Begun before, RFC 3339. */
                until?: string;
            };
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["Call"];
                    "text/csv": string;
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    create_first_operator: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FirstLogin"];
            };
        };
        responses: {
            /** @description The first operator, logged in */
            201: {
                headers: {
                    "set-cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            400: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            409: components["responses"]["Refusal"];
            410: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    accept_invitation_link: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AcceptInvitationLink"];
            };
        };
        responses: {
            /** @description Who is logged in now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            409: components["responses"]["Refusal"];
            410: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    show_invitation_link: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ShowInvitationLink"];
            };
        };
        responses: {
            /** @description What it invites to */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationLink"];
                };
            };
            400: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            410: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_invitations: {
        parameters: {
            query?: {
                /** @description From `next_cursor` of the page before. */
                cursor?: string;
                /** @description Most rows on the page. */
                limit?: number;
            };
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Invitation"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    create_invitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateInvitation"];
            };
        };
        responses: {
            /** @description The invitation */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SentInvitation"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            409: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    cancel_invitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                invitation_id: components["schemas"]["InvitationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The link is void */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    resend_invitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                invitation_id: components["schemas"]["InvitationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The invitation */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SentInvitation"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    create_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Login"];
            };
        };
        responses: {
            /** @description Who logged in */
            200: {
                headers: {
                    "set-cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    end_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session is over */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    show_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who is logged in */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    update_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateMe"];
            };
        };
        responses: {
            /** @description Who is logged in */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    change_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePassword"];
            };
        };
        responses: {
            /** @description The new password holds */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    confirm_identity: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmIdentity"];
            };
        };
        responses: {
            /** @description The proof holds for ten minutes */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    enrol_second_factor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the app needs */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnrolledSecondFactor"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            409: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    disable_second_factor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The password is enough */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    confirm_second_factor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmSecondFactor"];
            };
        };
        responses: {
            /** @description Recovery codes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            409: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    rotate_recovery_codes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Recovery codes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            409: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All on one page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Session"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    revoke_other_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They are over */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    revoke_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: components["schemas"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is over */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_members: {
        parameters: {
            query?: {
                /** @description From `next_cursor` of the page before. */
                cursor?: string;
                /** @description Most rows on the page. */
                limit?: number;
            };
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Member"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    delete_member: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                user_id: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The person is no member any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            409: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    update_member: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                user_id: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateMember"];
            };
        };
        responses: {
            /** @description The member */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            409: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    accept_identity_login: {
        parameters: {
            query?: {
                /** @description What is exchanged for the token. */
                code?: string;
                /** @description Why there is none. */
                error?: string;
                /** @description What [`super::start`] gave. */
                state?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To the dashboard */
            303: {
                headers: {
                    location?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    start_identity_login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartIdentityLogin"];
            };
        };
        responses: {
            /** @description Where to log in */
            200: {
                headers: {
                    "set-cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityLogin"];
                };
            };
            400: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            502: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_operator_apps: {
        parameters: {
            query?: {
                /** @description From `next_cursor` of the page before. */
                cursor?: string;
                /** @description Most rows on the page. */
                limit?: number;
                /** @description Only those of this tenant. */
                tenant_id?: components["schemas"]["TenantId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_OperatorApp"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    create_operator_app: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateOperatorApp"];
            };
        };
        responses: {
            /** @description The app and its first key */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedApp"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            409: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    update_operator_app: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app_id: components["schemas"]["AppId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateOperatorApp"];
            };
        };
        responses: {
            /** @description The app */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperatorApp"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            409: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    update_recording_slots: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app_id: components["schemas"]["AppId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateRecordingSlots"];
            };
        };
        responses: {
            /** @description The slots of the app */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppRecordingSlots"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            409: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_operator_audit_events: {
        parameters: {
            query?: {
                /** @description Exactly this action, `member.removed`. */
                action?: string;
                /** @description Exactly this actor, by public id. */
                actor_id?: string;
                /** @description From `next_cursor` of the page before. */
                cursor?: string;
                /** @description Not before, RFC 3339. */
                from?: string;
                /** @description Most rows on the page. */
                limit?: number;
                /** @description Exactly this target, by public id. */
                target_id?: string;
                /** @description Only what concerns this tenant. */
                tenant_id?: components["schemas"]["TenantId"];
                /** @description Before, RFC 3339. */
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AuditEvent"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    show_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One finding for each thing */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_HealthFinding"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_identity_providers: {
        parameters: {
            query?: {
                /** @description From `next_cursor` of the page before. */
                cursor?: string;
                /** @description Most rows on the page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_IdentityProvider"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    create_identity_provider: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateIdentityProvider"];
            };
        };
        responses: {
            /** @description The provider */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityProvider"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            409: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            502: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    delete_identity_provider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                identity_provider_id: components["schemas"]["IdentityProviderId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    update_identity_provider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                identity_provider_id: components["schemas"]["IdentityProviderId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateIdentityProvider"];
            };
        };
        responses: {
            /** @description The provider */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityProvider"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            409: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_mails: {
        parameters: {
            query?: {
                /** @description From `next_cursor` of the page before. */
                cursor?: string;
                /** @description Most rows on the page. */
                limit?: number;
                status?: "pending" | "sent" | "failed";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Mail"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    retry_mail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                mail_id: components["schemas"]["MailId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is sent soon */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_nodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The whole list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Node"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    drain_node: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node_id: components["schemas"]["NodeId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The server */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Node"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    undrain_node: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node_id: components["schemas"]["NodeId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The server */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Node"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    show_recording_fleet: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordingFleet"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    drain_recorder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recorder_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The recorder */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recorder"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    undrain_recorder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recorder_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The recorder */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recorder"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    show_platform_recording_storage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Where */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordingStorage"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    update_platform_recording_storage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateRecordingStorage"];
            };
        };
        responses: {
            /** @description Where */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordingStorage"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            409: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            502: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    remove_platform_recording_storage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They do */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    check_platform_recording_storage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does what it is asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordingStorageCheck"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            409: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            502: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_operator_rooms: {
        parameters: {
            query?: {
                /** @description From `next_cursor` of the page before. */
                cursor?: string;
                /** @description Most rows on the page. */
                limit?: number;
                /** @description Only those of this tenant. */
                tenant_id?: components["schemas"]["TenantId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_OperatorLiveRoom"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    show_settings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The settings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SystemSettings"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    update_settings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateSettings"];
            };
        };
        responses: {
            /** @description The choices */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlatformSettings"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_operator_tenants: {
        parameters: {
            query?: {
                /** @description From `next_cursor` of the page before. */
                cursor?: string;
                /** @description Most rows on the page. */
                limit?: number;
                /** @description A part of the name, without regard to case. */
                search?: string;
                /** @description `deleted` shows those that were deleted; without it they are left out. */
                status?: "active" | "suspended" | "deleted";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_OperatorTenant"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    create_tenant: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateTenant"];
            };
        };
        responses: {
            /** @description What was made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedTenant"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    show_operator_tenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant_id: components["schemas"]["TenantId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tenant */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperatorTenant"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    delete_tenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant_id: components["schemas"]["TenantId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The deleted tenant */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperatorTenant"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    update_operator_tenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant_id: components["schemas"]["TenantId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateTenant"];
            };
        };
        responses: {
            /** @description The tenant */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperatorTenant"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_operator_members: {
        parameters: {
            query?: {
                /** @description From `next_cursor` of the page before. */
                cursor?: string;
                /** @description Most rows on the page. */
                limit?: number;
            };
            header?: never;
            path: {
                tenant_id: components["schemas"]["TenantId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Member"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    restore_tenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant_id: components["schemas"]["TenantId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tenant */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperatorTenant"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    resume_tenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant_id: components["schemas"]["TenantId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tenant */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperatorTenant"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    suspend_tenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant_id: components["schemas"]["TenantId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tenant */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperatorTenant"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    start_tenant_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant_id: components["schemas"]["TenantId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is looked at */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantView"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    end_tenant_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant_id: components["schemas"]["TenantId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is over */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    send_test_mail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendTestMail"];
            };
        };
        responses: {
            /** @description What the mail server said */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestMailOutcome"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            409: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_tenant_usage: {
        parameters: {
            query?: {
                /**
                 * @description The current month of UTC without it. Each tenant's month is that of its own time zone.
                 * @example 2026-11
                 */
                month?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Each tenant */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_TenantUsage"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    export_tenant_usage: {
        parameters: {
            query?: {
                /** @description `csv` without it. */
                format?: "csv" | "ndjson";
                /**
                 * @description The current month of UTC without it. Each tenant's month is that of its own time zone.
                 * @example 2026-11
                 */
                month?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["TenantUsage"];
                    "text/csv": string;
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_users: {
        parameters: {
            query?: {
                /** @description From `next_cursor` of the page before. */
                cursor?: string;
                /** @description Most rows on the page. */
                limit?: number;
                /** @description A part of the name or of the e-mail address, without regard to case. */
                search?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_OperatorUser"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    reset_second_factor: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The password is enough */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_webhook_failures: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description At most 500 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_WebhookFailure"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    show_overview: {
        parameters: {
            query?: {
                /** @description Only of this app; of all without it. */
                app_id?: components["schemas"]["AppId"];
                /** @description First day in the time zone of the tenant, 29 days before the last one without it. */
                from?: string;
                /** @description Last day, today without it; at most 366 days from the first. */
                until?: string;
            };
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The numbers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Overview"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    request_password_reset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RequestPasswordReset"];
            };
        };
        responses: {
            /** @description If there is such a person, a mail follows */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    reset_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResetPassword"];
            };
        };
        responses: {
            /** @description The new password holds: log in with it */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            410: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_prepared_rooms: {
        parameters: {
            query?: {
                /** @description Only those of this app. */
                app_id?: components["schemas"]["AppId"];
                /** @description From `next_cursor` of the page before. */
                cursor?: string;
                /** @description Most rows on the page. */
                limit?: number;
                /** @description With this text in the name of the room. */
                search?: string;
            };
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_PreparedRoom"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    show_public_app: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app_id: components["schemas"]["AppId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The app */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublicApp"];
                };
            };
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    show_public_domain: {
        parameters: {
            query: {
                /**
                 * @description The host name that a client asked the proxy for.
                 * @example call.melati.example
                 */
                domain: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The app that has the domain */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnDomain"];
                };
            };
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    show_public_platform: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The platform */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublicPlatform"];
                };
            };
            default: components["responses"]["Refusal"];
        };
    };
    create_rating: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateRating"];
            };
        };
        responses: {
            /** @description The rating is stored */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    show_recording_file: {
        parameters: {
            query?: never;
            header?: {
                /** @description One range of bytes */
                Range?: string | null;
            };
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": number[];
                };
            };
            /** @description The part */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": number[];
                };
            };
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    show_shared_recording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The recording */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SharedRecording"];
                };
            };
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_recordings: {
        parameters: {
            query?: {
                app_id?: components["schemas"]["AppId"];
                call_id?: components["schemas"]["CallId"];
                /** @description From `next_cursor` of the page before. */
                cursor?: string;
                /** @description Asked for at or after, RFC 3339. */
                from?: string;
                kind?: "tracks" | "composite" | "audio_only" | "stream";
                /** @description Most rows on the page. */
                limit?: number;
                /** @description Of a call with somebody of exactly this name, or of this id of your own system. */
                participant?: string;
                /** @description Of exactly this room. */
                room?: string;
                /**
                 * @description With this text in the room, the name of who asked, or the name of somebody in the call or
                 *     their id of your own system.
                 */
                search?: string;
                state?: "queued" | "starting" | "active" | "finalising" | "uploading" | "ready" | "failed";
                /** @description `deleted` shows those that were deleted; without it they are left out. */
                status?: "deleted";
                /** @description Asked for before, RFC 3339. */
                until?: string;
            };
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ListedRecording"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    show_recording: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                recording_id: components["schemas"]["RecordingId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The recording */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordingDetail"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    delete_recording: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                recording_id: components["schemas"]["RecordingId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeleteRecording"];
            };
        };
        responses: {
            /** @description The recording */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recording"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    export_recording_evidence: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                recording_id: components["schemas"]["RecordingId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bundle */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Evidence"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    create_recording_file_link: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                file_id: components["schemas"]["RecordingFileId"];
                recording_id: components["schemas"]["RecordingId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateFileLink"];
            };
        };
        responses: {
            /** @description The link */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileLink"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    switch_recording_hold: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                recording_id: components["schemas"]["RecordingId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LegalHold"];
            };
        };
        responses: {
            /** @description The recording */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recording"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    create_recording_link: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                recording_id: components["schemas"]["RecordingId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateRecordingLink"];
            };
        };
        responses: {
            /** @description The link */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedRecordingLink"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    revoke_recording_link: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                link_id: components["schemas"]["RecordingLinkId"];
                recording_id: components["schemas"]["RecordingId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Void */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    restore_recording: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                recording_id: components["schemas"]["RecordingId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The recording */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recording"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    stop_recording: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                recording_id: components["schemas"]["RecordingId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The recording */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recording"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    change_recording_targets: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                recording_id: components["schemas"]["RecordingId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetTargets"];
            };
        };
        responses: {
            /** @description The recording */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordingDetail"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    verify_recording: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                recording_id: components["schemas"]["RecordingId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was found */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verification"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_recording_views: {
        parameters: {
            query?: {
                /** @description From `next_cursor` of the page before. */
                cursor?: string;
                /** @description Most rows on the page. */
                limit?: number;
            };
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                recording_id: components["schemas"]["RecordingId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_RecordingView"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    show_recording_quota: {
        parameters: {
            query?: {
                /** @description Only of this app; of each without it. */
                app_id?: components["schemas"]["AppId"];
            };
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Each app */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_RecordingQuota"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_rooms: {
        parameters: {
            query?: {
                /** @description Only those of this app. */
                app_id?: components["schemas"]["AppId"];
                /** @description From `next_cursor` of the page before. */
                cursor?: string;
                /** @description Most rows on the page. */
                limit?: number;
            };
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_LiveRoom"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    show_tenant: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tenant */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    update_tenant: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateTenant"];
            };
        };
        responses: {
            /** @description The tenant */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_tenant_identity_providers: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The whole list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_TenantIdentityProvider"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    show_usage: {
        parameters: {
            query?: {
                /** @description Only of this app; of each without it. */
                app_id?: components["schemas"]["AppId"];
                /** @description First day in the time zone of the tenant, 29 days before the last one without it. */
                from?: string;
                /** @description `day` without it. Months are always whole. */
                group?: "day" | "month";
                /** @description Last day, today without it; at most 366 days from the first. */
                until?: string;
            };
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageReport"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    export_usage: {
        parameters: {
            query?: {
                /** @description Only of this app; of each without it. */
                app_id?: components["schemas"]["AppId"];
                /** @description `csv` without it. */
                format?: "csv" | "ndjson";
                /** @description First day in the time zone of the tenant, 29 days before the last one without it. */
                from?: string;
                /** @description `day` without it. Months are always whole. */
                group?: "day" | "month";
                /** @description Last day, today without it; at most 366 days from the first. */
                until?: string;
            };
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["UsageRow"];
                    "text/csv": string;
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_usage_limits: {
        parameters: {
            query?: {
                /** @description Only of this app; of each without it. */
                app_id?: components["schemas"]["AppId"];
            };
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Each app */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AppUsageLimits"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    show_webhook_delivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                delivery_id: components["schemas"]["WebhookDeliveryId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryDetail"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    resend_webhook_delivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                delivery_id: components["schemas"]["WebhookDeliveryId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_webhooks: {
        parameters: {
            query?: {
                /** @description From `next_cursor` of the page before. */
                cursor?: string;
                /** @description Most rows on the page. */
                limit?: number;
            };
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Webhook"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    create_webhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateWebhook"];
            };
        };
        responses: {
            /** @description The webhook */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedWebhook"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    show_webhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                webhook_id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    delete_webhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                webhook_id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    update_webhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                webhook_id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateWebhook"];
            };
        };
        responses: {
            /** @description The webhook */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["Refusal"];
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    list_webhook_deliveries: {
        parameters: {
            query?: {
                /** @description From `next_cursor` of the page before. */
                cursor?: string;
                /** @description Most rows on the page. */
                limit?: number;
                status?: "pending" | "delivered" | "failed";
            };
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                webhook_id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_WebhookDelivery"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    resume_webhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                webhook_id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    rotate_webhook_secret: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                webhook_id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The new secret */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RotatedSecret"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
    send_test_event: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tenant to act for. Somebody who belongs to one only may leave it out. */
                "X-Jumpa-Tenant"?: components["schemas"]["TenantId"] | null;
            };
            path: {
                webhook_id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SentTest"];
                };
            };
            401: components["responses"]["Refusal"];
            403: components["responses"]["Refusal"];
            404: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
            default: components["responses"]["Refusal"];
        };
    };
}
