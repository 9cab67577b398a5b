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
    "/v1/apps/{app_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an app
         * @description What the page before a call needs to know. Answered without a login and without the database.
         */
        get: operations["show_app"];
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
         *     wrong is told neither by the answer nor by the time it takes.
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
         * Make an app
         * @description The app belongs to the first tenant. Its first signing key is shown here and never again.
         */
        post: operations["create_operator_app"];
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
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description The public name of an app.
         * @example klinik-sehat-k3x9q
         */
        AppId: string;
        /** @description The request. */
        CreateApp: {
            /** @description Whether people may join without a token. */
            allows_guests?: boolean;
            /**
             * @description The name that people read, 1 to 80 characters.
             * @example Toko Melati
             */
            name: string;
        };
        /** @description The answer. */
        CreatedApp: {
            app: components["schemas"]["OperatorApp"];
            key: components["schemas"]["CreatedKey"];
        };
        /** @description The first signing key of the app. */
        CreatedKey: {
            id: components["schemas"]["KeyId"];
            /** @description Shown here and never again. */
            secret: string;
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
         * @description The public name of a signing key.
         * @example key_k3x9qm7w2r
         */
        KeyId: string;
        /** @description The request. */
        Login: {
            /** @example ops@sehat.example */
            email: string;
            password: string;
        };
        /** @description Somebody who logged in. */
        Me: {
            /** @example ops@sehat.example */
            email: string;
            /** @description Whether they run the platform. */
            is_operator: boolean;
            /** @example Ops */
            name: string;
        };
        /** @description An app as the operator sees it. */
        OperatorApp: {
            /** @description Whether people may join without a token. */
            allows_guests: boolean;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-22T04:30:00Z
             */
            created_at: string;
            id: components["schemas"]["AppId"];
            /** @description Whether the first start made it to try calls. */
            is_demo: boolean;
            /** @description A disabled app takes no joins. */
            is_disabled: boolean;
            /**
             * Format: int32
             * @description Most participants in one call.
             */
            max_participants: number;
            /** @example Toko Melati */
            name: string;
            tenant_id: components["schemas"]["TenantId"];
        };
        /** @description One page of a list. */
        Page_OperatorApp: {
            data: {
                /** @description Whether people may join without a token. */
                allows_guests: boolean;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 * @example 2026-11-22T04:30:00Z
                 */
                created_at: string;
                id: components["schemas"]["AppId"];
                /** @description Whether the first start made it to try calls. */
                is_demo: boolean;
                /** @description A disabled app takes no joins. */
                is_disabled: boolean;
                /**
                 * Format: int32
                 * @description Most participants in one call.
                 */
                max_participants: number;
                /** @example Toko Melati */
                name: string;
                tenant_id: components["schemas"]["TenantId"];
            }[];
            /** @description Gives the next page as `cursor`; null on the last one. */
            next_cursor: string | null;
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
        ProblemCode: "bad_message" | "wrong_content_type" | "message_too_big" | "invalid_value" | "not_found" | "method_not_allowed" | "app_unknown" | "app_disabled" | "rating_token_invalid" | "one_time_token_invalid" | "email_taken" | "login_failed" | "unauthenticated" | "forbidden" | "origin_mismatch" | "too_many_attempts" | "too_many_requests" | "busy" | "database_unavailable" | "internal";
        /** @description An app as everybody may see it. */
        PublicApp: {
            /** @description Whether people may join without a token. */
            allows_guests: boolean;
            id: components["schemas"]["AppId"];
            /** @example Klinik Sehat */
            name: string;
        };
        /**
         * @description The operator's customer.
         * @example ten_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f
         */
        TenantId: string;
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
    show_app: {
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
    list_operator_apps: {
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
                "application/json": components["schemas"]["CreateApp"];
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
            413: components["responses"]["Refusal"];
            415: components["responses"]["Refusal"];
            422: components["responses"]["Refusal"];
            429: components["responses"]["Refusal"];
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
}
