// Written by scripts/write-client-types.mjs from the gateway's /openapi.json.
export interface paths {
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process answers */
        get: operations["isAlive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process answers, where mcp-governance-proxy says it */
        get: operations["getCompatHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether calls are decided, recorded and answered */
        get: operations["isReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/upstreams": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The servers behind the gateway, and what runs of them */
        get: operations["listUpstreams"];
        put?: never;
        /** Puts a server behind the gateway; answered when it has come up or failed, or soon */
        post: operations["createUpstream"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals/undelivered": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What channels could not be told, the latest first */
        get: operations["listUndelivered"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the gateway is */
        get: operations["getStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The configuration in effect, without secrets, and where each value comes from */
        get: operations["getConfig"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tools that the caller may see */
        get: operations["listVisibleTools"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The approval rules that were made in this form */
        get: operations["listApprovalRules"];
        put?: never;
        /** Has a person asked about some calls, from when this is answered */
        post: operations["addApprovalRule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals/rules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends an approval rule; what it had asked about is asked about no more */
        delete: operations["removeApprovalRule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals/request": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Asks a person before something is done
         * @description With arguments a yes is for exactly that call, once: make it with /v1/proxy/call in the same session. Without, the answer is told and opens no call.
         */
        post: operations["requestApproval"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals/pending": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What waits for a person: all for those who oversee it, else what the caller asked */
        get: operations["listCompatPending"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Held calls: all for those who oversee them, else those of the caller */
        get: operations["listApprovals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An event for each change of a hold, from now on */
        get: operations["streamApprovals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One held call; by an id apr_… in the form of Haldir */
        get: operations["getApproval"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals/{id}/view": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What an approver is shown of a held call */
        get: operations["viewApproval"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals/{id}/result": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the call returned that the gateway made for its caller */
        get: operations["getApprovalResult"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says yes to a held call */
        post: operations["approveCall"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals/{id}/deny": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says no to a held call */
        post: operations["denyCall"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes an approved call whose caller has gone */
        post: operations["replayCall"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a held call back */
        post: operations["cancelCall"];
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
        /** Calls, newest first, denied ones included */
        get: operations["listAuditEntries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/spend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What calls and payments cost, by tool */
        get: operations["getSpend"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/standing-approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was approved beforehand, newest first */
        get: operations["listStandingApprovals"];
        put?: never;
        /** Approves calls like a held one beforehand */
        post: operations["createStandingApproval"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/standing-approvals/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends one; what a call has used stays used */
        delete: operations["revokeStandingApproval"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/records": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The records of the trail with what was kept of the content of calls */
        get: operations["listAuditRecords"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/budgets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is used of each budget and what is left, by what it counts apart */
        get: operations["listBudgets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/budgets/{id}/ledger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What calls took of a budget */
        get: operations["listLedger"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the limits on calls stand in this gateway, by what they count apart */
        get: operations["listLimits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kill-switches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything that is stopped */
        get: operations["listKillSwitches"];
        put?: never;
        /**
         * Stops calls at once, whatever the rules say
         * @description What is stopped already stays as it is, and is the answer.
         */
        post: operations["throwKillSwitch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kill-switches/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Lets calls pass again */
        delete: operations["liftKillSwitch"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The API keys, never what they are */
        get: operations["listKeys"];
        put?: never;
        /** Makes a key and shows it, once */
        post: operations["createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One key, by its id or the beginning of it */
        get: operations["getKey"];
        put?: never;
        post?: never;
        /** Ends a key at once */
        delete: operations["revokeKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a key that replaces another; both work for a while */
        post: operations["rotateKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/principals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who may call, with their roles, labels and credentials */
        get: operations["listPrincipals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-ins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where people are signed in, newest first: everybody for those who oversee them, else the caller */
        get: operations["listSignIns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-ins/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Signs somebody out in every browser
         * @description Whoever may sign in at the provider, or has a key, can sign in again.
         */
        post: operations["endSignIns"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-ins/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends one sign-in at once */
        delete: operations["endSignIn"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/pins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The definitions of upstreams, and what was decided on them */
        get: operations["listPins"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/pins/{upstream}/{kind}/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One pin with its definitions, and what tells them apart */
        get: operations["getPin"];
        put?: never;
        post?: never;
        /** Forgets what was seen and decided: what is offered next is a first sight */
        delete: operations["forgetPin"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/pins/{upstream}/{kind}/{name}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets a definition be used */
        post: operations["acceptPin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/pins/{upstream}/{kind}/{name}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets a definition not be used */
        post: operations["rejectPin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/holds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What waits for a person, oldest first */
        get: operations["listCompatHolds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/holds/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says yes, and makes the call */
        post: operations["approveCompatHold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/holds/{id}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says no */
        post: operations["rejectCompatHold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/proxy/upstreams": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Puts a server behind the gateway, or another in its place */
        post: operations["registerCompatUpstream"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/proxy/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The policies that were made in this form */
        get: operations["listCompatPolicies"];
        put?: never;
        /** Makes a policy, which is in force when this is answered */
        post: operations["addCompatPolicy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/proxy/policies/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Replaces a policy */
        put: operations["replaceCompatPolicy"];
        post?: never;
        /** Ends a policy */
        delete: operations["removeCompatPolicy"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/upstreams/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One server, how it is reached and how it is */
        get: operations["getUpstream"];
        /** Makes or replaces a server; with If-Match only the one that was seen */
        put: operations["putUpstream"];
        post?: never;
        /** Takes away a server that was made over REST; calls under way finish */
        delete: operations["deleteUpstream"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/upstreams/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reaches a server over HTTP once, with these settings or those in force; calls no tool */
        post: operations["testUpstream"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/upstreams/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every version of a server that was made over REST */
        get: operations["getUpstreamHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/upstreams/{id}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes the settings of an earlier version the newest ones */
        post: operations["rollBackUpstream"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The policies in force: that of the file, and those made over REST */
        get: operations["listPolicies"];
        put?: never;
        /** Makes a policy, which is in force when this is answered */
        post: operations["createPolicy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One policy; its ETag is what a change can be made to depend on */
        get: operations["getPolicy"];
        /** Makes or replaces a policy; with If-Match only the one that was seen */
        put: operations["putPolicy"];
        post?: never;
        /** Ends a policy; its versions stay, and any can be gone back to */
        delete: operations["deletePolicy"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/{name}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every version of a policy that was made over REST */
        get: operations["getPolicyHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/{name}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes the content of an earlier version the newest one */
        post: operations["rollBackPolicy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policy/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What is answered to a call, rule by rule; nothing is called */
        post: operations["explainPolicy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policy/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What is questionable about the rules, or about a draft of a policy among them */
        post: operations["checkPolicy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policy/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a draft of a policy changes, by its text and by its answers to sample calls */
        post: operations["diffPolicy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchange the token that a new gateway prints for its first key
         * @description The token is good once, for an hour, and only while there has never been a key. The key has the role admin.
         */
        post: operations["setUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The sessions of this key, or for operators all of the tenant; newest first */
        get: operations["listSessions"];
        put?: never;
        /** Makes a session; its token is shown this once */
        post: operations["createSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One session, and what is left of its budget */
        get: operations["getSession"];
        put?: never;
        post?: never;
        /** Ends a session at once, with all that were delegated from it */
        delete: operations["revokeSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Whether a session has a scope */
        post: operations["checkSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/proxy/call": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Calls a tool in a session
         * @description What policy refuses is 403; a tool's own error is 200 with isError. A call that waits for a person is 200 with the status approval_required: make it again when it is approved.
         */
        post: operations["callTool"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/proxy/tools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tools of all upstreams that the caller may use */
        get: operations["listTools"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/payments/authorize": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes an amount out of the budget of a session
         * @description The amount also counts in the budgets of policy in this currency, of rules that are about the caller and no tool in particular.
         */
        post: operations["authorizePayment"];
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
        /** @description Why the request was not carried out. */
        Problem: {
            /** @description where the code is explained, relative to the gateway */
            type: string;
            title: string;
            status: number;
            /** @description one of a closed list: see /docs/problems */
            code: string;
            /** @description what is wrong in this case, and what to do */
            detail: string;
            /** @description the same as in the header X-Request-Id */
            request_id: string;
            /** @description every place that is wrong, where there are places */
            errors?: {
                path: string;
                detail: string;
                found?: string;
                expected?: string;
                file?: string;
                line?: number;
                column?: number;
            }[];
        } & {
            [key: string]: unknown;
        };
        /** @description The process answers. */
        Alive: {
            /** @constant */
            alive: true;
        };
        /** @description The process answers, as mcp-governance-proxy says it. */
        CompatHealth: {
            /** @constant */
            status: "ok";
            /** @constant */
            service: "sallyport";
        };
        /** @description Whether calls are decided, recorded and answered. */
        Readiness: {
            ready: boolean;
            checks: {
                [key: string]: {
                    ok: boolean;
                    reason?: string;
                };
            };
        };
        /** @description The servers behind the gateway. */
        UpstreamList: {
            count: number;
            upstreams: components["schemas"]["Upstream"][];
        };
        /** @description The state of one server behind the gateway. */
        Upstream: {
            id: string;
            /** @enum {string} */
            transport: "stdio" | "http" | "sse";
            /** @enum {string} */
            state: "starting" | "up" | "down" | "stopped";
            /** @description it ended for want of calls, and the next call starts it */
            asleep?: boolean;
            /** @description of the protocol that is spoken with it */
            revision?: string;
            /** @enum {string} */
            era?: "legacy" | "modern";
            pid?: number;
            tools: number;
            restarts: number;
            sessions: number;
            /** @description milliseconds since the epoch */
            lastCallAt?: number;
            /** @description why it is down */
            reason?: string;
            /** @description of the last change of state */
            since: number;
            connections: components["schemas"]["Connection"][];
            /**
             * @description what comes from the file is not changed over REST
             * @enum {string}
             */
            source: "file" | "api";
        };
        /** @description One connection of the gateway to a server. */
        Connection: {
            /** @enum {string} */
            role: "main" | "session";
            pid?: number;
            /** @description milliseconds since the epoch */
            startedAt: number;
            /** @description milliseconds since the epoch */
            lastCallAt?: number;
            memoryBytes?: number;
            /** @description why it is alive */
            why: string;
        };
        /** @description What channels could not be told, and are not told any more. */
        Undelivered: {
            count: number;
            undelivered: {
                channel: string;
                hold: string;
                attempts: number;
                /**
                 * Format: date-time
                 * @description of the last one
                 */
                at: string;
                fault: string;
            }[];
        };
        /** @description How the gateway is. */
        Status: {
            version: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            started_at: string;
            uptime_seconds: number;
            ready: boolean;
            checks: {
                [key: string]: {
                    ok: boolean;
                    reason?: string;
                };
            };
            /** @description how many are in each state */
            upstreams: {
                [key: string]: number;
            };
            /** @description whether records are kept, and how much of them queries do not see yet */
            journal: {
                ok: boolean;
                lag_bytes: number;
                fault?: string;
            };
            holds: {
                pending: number;
            };
            /** @description how many are in each state */
            keys: {
                [key: string]: number;
            };
            /** @description definitions that somebody has to decide on */
            pins: {
                waiting: number;
            };
        };
        /** @description The configuration in effect. */
        EffectiveConfig: {
            file?: string;
            /** @description what is in effect, without secrets */
            config: {
                [key: string]: unknown;
            };
            /** @description where each value comes from, by its path */
            origins: {
                [key: string]: string;
            };
        };
        /** @description The tools that the caller may see. */
        ToolPage: {
            /** @description how many this page holds */
            count: number;
            /** @description asks for the next page; absent on the last */
            next_cursor?: string;
            tools: components["schemas"]["Tool"][];
        };
        /** @description A tool as the gateway offers it; the definition is the upstream’s own. */
        Tool: {
            /** @description by which callers know it */
            name: string;
            upstream: string;
            /** @description of the definition */
            digest: string;
            title?: string;
            description?: string;
            inputSchema: {
                [key: string]: unknown;
            };
            annotations?: {
                [key: string]: unknown;
            };
        } & {
            [key: string]: unknown;
        };
        /** @description When a person must be asked, as Haldir writes it. */
        CompatApprovalRule: {
            /** @enum {string} */
            type: "spend_over" | "tool_blocked" | "destructive" | "all";
            /** @description of spend_over: the largest amount that nobody is asked about */
            threshold?: number;
            /** @description the tools that it is about; by default, and where there are none, all */
            tools?: string[];
        };
        /** @description A rule with the id that it got. */
        CompatAddedRule: {
            /** @constant */
            added: true;
            id: string;
            type: string;
        } & {
            [key: string]: unknown;
        };
        CompatApprovalRules: {
            count: number;
            rules: ({
                id: string;
                type: string;
            } & {
                [key: string]: unknown;
            })[];
        };
        /** @description What a person is asked beforehand. */
        CompatApprovalWish: {
            /** @description token of the session; or send it in Sallyport-Session */
            session_id?: string;
            /** @description its name, or upstream.name; also something that is no tool here */
            tool: string;
            /**
             * @description what is to be done with it, in a word
             * @default
             */
            action?: string;
            /**
             * @description what it costs, in dollars
             * @default 0
             */
            amount?: string | number;
            /**
             * @description why, for the person who is asked
             * @default
             */
            reason?: string;
            /** @description what else the person is to see */
            details?: {
                [key: string]: unknown;
            };
            /**
             * @description seconds; never longer than the rules allow
             * @default 3600
             */
            ttl?: number;
            /** @description of the call: a yes is then for exactly that call, once; without them it opens no call */
            arguments?: {
                [key: string]: unknown;
            };
        };
        /** @description What a person was asked. */
        CompatRequested: {
            /** @description apr_…: the hold with hold_ in its place */
            request_id: string;
            /**
             * @description of a request that was there already, how it stands
             * @enum {string}
             */
            status: "pending" | "approved" | "denied" | "expired";
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            expires_at: string;
            expires_at_unix: number;
        };
        /** @description What waits for a person, newest first. */
        CompatPending: {
            count: number;
            requests: {
                /** @description apr_…: the hold with hold_ in its place */
                request_id: string;
                agent_id: string;
                tool: string;
                action: string;
                /** @description dollars, as decimal text */
                amount: string;
                reason: string;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC
                 */
                created_at: string;
            }[];
        };
        /** @description Held calls, newest first. */
        ApprovalPage: {
            /** @description how many this page holds */
            count: number;
            /** @description asks for the next page; absent on the last */
            next_cursor?: string;
            approvals: components["schemas"]["Approval"][];
        };
        /** @description A call that waits, or waited, for a person. */
        Approval: {
            id: string;
            /** @enum {string} */
            state: "pending" | "approved" | "denied" | "expired" | "cancelled" | "stale" | "used";
            /** @description digest of everything that an answer is bound to */
            bind: string;
            upstream: string;
            method: string;
            /** @description the tool, as callers know it */
            target: string;
            arguments: unknown;
            reason: string;
            /** @description decimal text and unit */
            cost?: string;
            /** @description a form at the client said that its user wants the call */
            confirmed?: boolean;
            /** @description what the caller said when it asked beforehand */
            asked?: {
                action: string;
                amount: string;
                reason: string;
            };
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            expiresAt: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            decidedAt?: string;
            caller?: string;
            credential?: string;
            owner?: string;
            rule?: string;
            policyRevision?: string;
            definitionDigest?: string;
            terms?: {
                [key: string]: unknown;
            };
            votes?: ({
                by: string;
                /** @enum {string} */
                verdict: "approve" | "deny";
                /** @description where it was given */
                channel: string;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC
                 */
                at: string;
                note?: string;
            } & {
                [key: string]: unknown;
            })[];
            /** @description the call that used it */
            usedBy?: string;
        } & {
            [key: string]: unknown;
        };
        /** @description A hold that is asked for by its apr_ id. */
        CompatApproval: {
            /** @description apr_…: the hold with hold_ in its place */
            request_id: string;
            agent_id: string;
            tool: string;
            action: string;
            /** @description dollars, as decimal text */
            amount: string;
            reason: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            created_at: string;
            /** @enum {string} */
            status: "pending" | "approved" | "denied" | "expired";
            /** @description the id of the session, never its token */
            session_id: string | null;
            /** @description of a call its arguments */
            details: unknown;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            expires_at: string;
            expires_at_unix: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            decided_at?: string;
            /** @description whose credential answered last; not for agents */
            decided_by?: string;
            /** @description not for agents */
            decision_note?: string;
        };
        /** @description What an approver is shown; all text is safe to show. */
        ApprovalView: {
            id: string;
            /** @description what an answer is for; it goes back with the answer */
            bind: string;
            /** @enum {string} */
            state: "pending" | "approved" | "denied" | "expired" | "cancelled" | "stale" | "used";
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            expiresAt: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            decidedAt?: string;
            /** @description what the gateway itself knows */
            facts: unknown[];
            /** @description every value of the arguments, and what changed since the last approved call */
            arguments: unknown[];
            comparedWith?: {
                id: string;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC
                 */
                at: string;
            };
            /** @description provided by the upstream, not verified */
            claims: unknown[];
            /** @description what the caller did lately */
            history: unknown;
            /** @description what is needed for a yes */
            needs: unknown;
            votes: unknown[];
        };
        /** @description What a call returned that the gateway made for its caller. */
        ApprovalResult: {
            id: string;
            call: string;
            outcome: string;
            /** @description what the tool returned, as it came */
            result?: unknown;
            error?: {
                [key: string]: unknown;
            };
        };
        /** @description An answer to a held call. */
        ApprovalAnswer: {
            /** @description of what was seen: an answer to anything else does not count */
            bind?: string;
            note?: string;
            /** @description with a yes: arguments to run the call with instead, as a call of its own */
            arguments?: {
                [key: string]: unknown;
            };
            /** @description taken and not believed: who answers is whose key it is */
            decided_by?: string;
        };
        /** @description The answer to a request that is named by its apr_ id. */
        CompatDecided: {
            /** @description false: more people must say yes */
            approved?: boolean;
            /** @constant */
            denied?: true;
            /** @description apr_…: the hold with hold_ in its place */
            request_id: string;
            /** @enum {string} */
            status: "pending" | "approved" | "denied" | "expired";
        };
        /** @description Calls, newest first. */
        AuditEntryPage: {
            /** @description how many this page holds */
            count: number;
            /** @description asks for the next page; absent on the last */
            next_cursor?: string;
            entries: components["schemas"]["AuditEntry"][];
        };
        /** @description One call. */
        AuditEntry: {
            /** @description of the call */
            id: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            timestamp: string;
            session_id: string | null;
            agent_id: string | null;
            principal: string | null;
            /** @description the method, such as tools/call */
            action: string;
            tool: string | null;
            /** @description as far as they are kept */
            arguments: unknown;
            upstream: string | null;
            /** @enum {string} */
            status: "allowed" | "denied" | "held";
            /** @description executed, refused or unknown; absent while it runs */
            outcome?: string;
            /** @description the rule that decided */
            policy?: string;
            /** @description why it was refused */
            code?: string;
            detail?: string;
            latency_ms: number | null;
            cost_usd: number;
        };
        /** @description What calls cost: what was reserved, until it is known. */
        Spend: {
            /** @description US dollars */
            total_usd: number;
            /** @description calls that cost something */
            action_count: number;
            by_tool: {
                [key: string]: number;
            };
        };
        /** @description What was approved beforehand, newest first. */
        StandingApprovalPage: {
            /** @description how many this page holds */
            count: number;
            /** @description asks for the next page; absent on the last */
            next_cursor?: string;
            standing_approvals: components["schemas"]["StandingApproval"][];
        };
        /** @description A yes given beforehand to so many calls, for so long. */
        StandingApproval: {
            id: string;
            /** @description the held call that it was made from */
            hold: string;
            caller: string;
            upstream: string;
            method: string;
            target: string;
            /** @description for each argument the JSON texts that it may have */
            values: {
                [key: string]: string[];
            };
            /** @description it counts under this revision of the policy only */
            policyRevision: string;
            by: string;
            note?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            until: string;
            calls: number;
            callsLeft: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            revokedAt?: string;
            revokedBy?: string;
        };
        /** @description What is to be approved beforehand. */
        NewStandingApproval: {
            hold: string;
            /** @description how long it counts */
            minutes: number;
            /** @description how many calls it is for */
            calls: number;
            /** @description further values that an argument may have besides that of the hold */
            values?: {
                [key: string]: unknown[];
            };
            note?: string;
        };
        /** @description Records of the audit trail. */
        AuditRecordPage: {
            /** @description how many this page holds */
            count: number;
            /** @description asks for the next page; absent on the last */
            next_cursor?: string;
            records: components["schemas"]["AuditRecord"][];
        };
        /** @description One event of the audit trail. */
        AuditRecord: {
            /** @description its place in the trail */
            id: number;
            type: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            at: string;
            writer: string;
            tenant: string;
            /** @description JSON texts of what was kept of the content of the call */
            content: {
                args?: string;
                result?: string;
            };
        } & {
            [key: string]: unknown;
        };
        /** @description Counters of budgets, by budget, unit and scope. */
        BudgetPage: {
            /** @description how many this page holds */
            count: number;
            /** @description asks for the next page; absent on the last */
            next_cursor?: string;
            budgets: components["schemas"]["Budget"][];
        };
        /** @description One counter of a budget, in its present stretch. */
        Budget: {
            /** @description the id of the budget */
            budget: string;
            unit: string;
            /** @description what is counted apart, as in the record of a charge */
            scope: string;
            /**
             * Format: date-time
             * @description when it begins anew; absent for a budget that never does
             */
            resets_at?: string;
            /** @description spent, or reserved where it is not known what was spent */
            used: string;
            /** @description how many calls took of it */
            calls: number;
            /** @description as the configuration in force says; absent where it has no such budget */
            max?: string;
            /** @description decimal text, exact */
            left?: string;
        };
        /** @description What calls took of a budget, the latest first. */
        LedgerPage: {
            /** @description how many this page holds */
            count: number;
            /** @description asks for the next page; absent on the last */
            next_cursor?: string;
            entries: components["schemas"]["LedgerEntry"][];
        };
        /** @description What one call took of a budget. */
        LedgerEntry: {
            call: string;
            /** @description the id of the budget */
            budget: string;
            unit: string;
            /** @description what is counted apart, as in the record of a charge */
            scope: string;
            /**
             * Format: date-time
             * @description when it begins anew; absent for a budget that never does
             */
            resets_at?: string;
            /** @description decimal text, exact */
            reserved?: string;
            /** @description absent while the call is under way, and where nobody knows how it ended */
            spent?: string;
        };
        /** @description Counters of calls, in the order in which they were made. */
        LimitPage: {
            /** @description how many this page holds */
            count: number;
            /** @description asks for the next page; absent on the last */
            next_cursor?: string;
            limits: components["schemas"]["LimitCounter"][];
        };
        /** @description One counter of calls, in the memory of this gateway. */
        LimitCounter: {
            /** @description the id of the limit */
            limit: string;
            /** @enum {string} */
            kind: "rate" | "repeat" | "concurrency";
            /** @description what is counted apart, as in the record of a charge */
            scope: string;
            max: number;
            /** @description calls that count now */
            counted: number;
            left: number;
            window_seconds?: number;
            /**
             * Format: date-time
             * @description when the next call may pass; absent while one may
             */
            opens_at?: string;
        };
        /** @description Everything that is stopped, oldest first. */
        KillSwitchList: {
            count: number;
            kill_switches: components["schemas"]["KillSwitch"][];
        };
        /** @description What is stopped until somebody lifts it. */
        KillSwitch: {
            id: string;
            /** @description of whose calls; *: of every tenant */
            tenant: string;
            /**
             * @description what is stopped
             * @enum {string}
             */
            scope: "all" | "principal" | "tool" | "upstream";
            name?: string;
            /** @description one sentence, told to whoever is stopped */
            reason: string;
            /** @description who threw it */
            by: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            at: string;
        };
        /** @description What is to be stopped, and why. */
        KillOrder: {
            /**
             * @description what is stopped
             * @enum {string}
             */
            scope: "all" | "principal" | "tool" | "upstream";
            /** @description of the principal, tool or upstream; absent for all */
            name?: string;
            /** @description one sentence, told to whoever is stopped */
            reason: string;
        };
        /** @description Keys, oldest first, with those that ended. */
        KeyPage: {
            /** @description how many this page holds */
            count: number;
            /** @description asks for the next page; absent on the last */
            next_cursor?: string;
            keys: components["schemas"]["Key"][];
        };
        /** @description An API key, never the key itself. */
        Key: {
            id: string;
            /** @description how the key begins */
            prefix: string;
            name: string;
            principal: string;
            tenant: string;
            tier: string;
            roles: ("agent" | "approver" | "auditor" | "operator" | "admin")[];
            scopes: string[];
            labels: {
                [key: string]: string;
            };
            /** @enum {string} */
            state: "active" | "expired" | "revoked";
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            created_at: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            expires_at?: string;
            revoked: boolean;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            revoked_at?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            last_used?: string;
            rotated_from?: string;
        };
        /** @description The key that is wanted. */
        KeyRequest: {
            /** @description the name that rules and records use for the caller */
            principal?: string;
            /** @description the same; one of the two must be given */
            name?: string;
            /**
             * @default [
             *       "agent"
             *     ]
             */
            roles?: ("agent" | "approver" | "auditor" | "operator" | "admin")[];
            /** @description what it is narrowed to, resource:action each; * alone: whatever its roles may */
            scopes?: ("*" | string)[];
            /** @default {} */
            labels?: {
                [key: string]: string;
            };
            /** @description taken, and means nothing here */
            tier?: string;
            /** @description seconds, or never; by default 90 days */
            expires_in_seconds?: number | "never";
        };
        /** @description A key that was made a moment ago, with the key itself. */
        IssuedKey: {
            id: string;
            /** @description how the key begins */
            prefix: string;
            name: string;
            principal: string;
            tenant: string;
            tier: string;
            roles: ("agent" | "approver" | "auditor" | "operator" | "admin")[];
            scopes: string[];
            labels: {
                [key: string]: string;
            };
            /** @enum {string} */
            state: "active" | "expired" | "revoked";
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            created_at: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            expires_at?: string;
            revoked: boolean;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            revoked_at?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            last_used?: string;
            rotated_from?: string;
            /** @description shown this once */
            key: string;
            message: string;
        };
        /** @description How a key is replaced. */
        KeyRotation: {
            /** @description how long the old key still works */
            overlap_seconds?: number;
            /** @description seconds, or never; by default as long as the old one */
            expires_in_seconds?: number | "never";
        };
        /** @description Principals with a key or a configured token, by name. */
        PrincipalPage: {
            /** @description how many this page holds */
            count: number;
            /** @description asks for the next page; absent on the last */
            next_cursor?: string;
            principals: components["schemas"]["Principal"][];
        };
        /** @description Who may call, and with what. */
        Principal: {
            id: string;
            tenant: string;
            /** @description of all that are active together */
            roles: ("agent" | "approver" | "auditor" | "operator" | "admin")[];
            labels: {
                [key: string]: string;
            };
            credentials: {
                /** @enum {string} */
                kind: "key" | "token";
                id: string;
                /** @enum {string} */
                state: "active" | "expired" | "revoked";
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC
                 */
                last_used?: string;
            }[];
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            last_used?: string;
        };
        /** @description Who is signed in, newest first. */
        SignInPage: {
            /** @description how many this page holds */
            count: number;
            /** @description asks for the next page; absent on the last */
            next_cursor?: string;
            sign_ins: components["schemas"]["SignIn"][];
        };
        /** @description Somebody who is signed in, in one browser. */
        SignIn: {
            id: string;
            principal: string;
            /** @description how records name it: person:ID, or the key or token they signed in with */
            credential: string;
            roles: ("agent" | "approver" | "auditor" | "operator" | "admin")[];
            /** @description the provider that says who it is; absent for keys and tokens */
            issuer?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            since: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            until: string;
            /** @description whether it is the one that asks */
            current: boolean;
        };
        /** @description Who is to be signed out everywhere. */
        EndSignIns: {
            /** @description whose sign-ins */
            principal: string;
        };
        /** @description Who was signed out. */
        EndedSignIns: {
            principal: string;
            /** @description how many sign-ins of theirs there were */
            ended: number;
        };
        /** @description Pins by upstream, kind and name. */
        PinPage: {
            /** @description how many this page holds */
            count: number;
            /** @description asks for the next page; absent on the last */
            next_cursor?: string;
            pins: components["schemas"]["Pin"][];
        };
        /** @description What was decided on a definition of an upstream. */
        Pin: {
            upstream: string;
            /** @enum {string} */
            kind: "tool" | "prompt";
            name: string;
            /** @enum {string} */
            state: "accepted" | "waiting" | "changed" | "rejected" | "gone";
            /** @description digest of what the upstream offers */
            offered: string;
            accepted?: {
                digest: string;
                by: string;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC
                 */
                at: string;
            };
            rejected?: {
                digest: string;
                by: string;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC
                 */
                at: string;
            };
            present: boolean;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            first_seen: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            last_seen: string;
            /** @description where definitions are asked for */
            accepted_definition?: unknown;
            offered_definition?: unknown;
            /** @description what tells what is offered from what is accepted */
            changes?: {
                path: (string | number)[];
                before?: unknown;
                after?: unknown;
            }[];
        };
        /** @description Which definition is decided on. */
        PinDecision: {
            /** @description of the definition that was looked at */
            digest: string;
        };
        /** @description What waits, oldest first. */
        CompatHolds: {
            holds: {
                id: string;
                tool: string;
                arguments: unknown;
                client_id: string;
                reason: string;
                metadata: {
                    [key: string]: unknown;
                };
            }[];
        };
        /** @description What became of the hold, and of its call where it was made. */
        CompatAnswer: {
            status: string;
            hold_id: string;
        } & {
            [key: string]: unknown;
        };
        /** @description An upstream, as Haldir registers it. */
        CompatUpstream: {
            /** @description its id: a-z, 0-9 and "-" */
            name: string;
            /** @description its endpoint */
            url: string;
        };
        CompatRegisteredUpstream: {
            /** @constant */
            registered: true;
            name: string;
            url: string;
            healthy: boolean;
            tools_discovered: number;
            tool_names: string[];
        };
        /** @description One policy, as Haldir writes it. */
        CompatPolicy: {
            /**
             * @description further members depend on it
             * @enum {string}
             */
            type: "allow" | "deny" | "spend_limit" | "rate_limit" | "time_window" | "block_tool" | "allow_list" | "deny_list" | "require_approval";
        } & {
            [key: string]: unknown;
        };
        /** @description A policy with the id that it got. */
        CompatPolicyDocument: {
            id: string;
            type: string;
        } & {
            [key: string]: unknown;
        };
        CompatPolicies: {
            count: number;
            policies: components["schemas"]["CompatPolicyDocument"][];
        };
        /** @description A server behind the gateway, how it is reached and how it is. */
        UpstreamDocument: {
            id: string;
            /** @enum {string} */
            source: "file" | "api";
            /** @description as in the configuration file; what may be secret is masked */
            settings: {
                [key: string]: unknown;
            };
            /** @description content hash, of what was made over REST */
            revision?: string;
            version?: number;
            at?: string;
            by?: string;
            note?: string;
            /** @description absent where it is not enabled */
            status?: components["schemas"]["Upstream"];
        };
        /** @description An upstream over HTTP that is made under an id of its own. */
        NewUpstream: {
            /** @description of a-z, 0-9 and "-" */
            id: string;
            /**
             * Format: uri
             * @description the endpoint of the server
             */
            url?: string;
            /**
             * @description http: Streamable HTTP, or HTTP+SSE where the server speaks only that; sse: HTTP+SSE of 2024-11-05
             * @default http
             * @enum {string}
             */
            transport?: "http" | "sse";
            /**
             * @description headers of each request to it
             * @default {}
             */
            headers?: {
                [key: string]: string;
            };
            /**
             * @description addresses and ranges besides public ones that its name may resolve to: 10.0.0.0/8
             * @default []
             */
            addresses?: string[];
            /**
             * @description protocol revision to speak; without it the gateway finds out
             * @enum {string}
             */
            revision?: "2024-11-05" | "2025-03-26" | "2025-06-18" | "2025-11-25" | "2026-07-28";
            /**
             * @description whether tools carry the id of this upstream in their names
             * @enum {string}
             */
            prefix?: "auto" | "always";
            /**
             * @description as pins.firstSight, for this upstream; follow: every change of its definitions is accepted by itself
             * @enum {string}
             */
            pins?: "trust" | "ask" | "follow";
            /**
             * @description longest wait for the result of a call
             * @default 60
             */
            timeoutSeconds?: number;
            /**
             * @description longest wait for the server to come up
             * @default 20
             */
            startTimeoutSeconds?: number;
            /**
             * @description open: calls may have arguments beside those that the schema of a tool names; conditions may not
             * @default closed
             * @enum {string}
             */
            arguments?: "closed" | "open";
            /**
             * @description false leaves the upstream out
             * @default true
             */
            enabled?: boolean;
            /**
             * @description who shares a session with a server that keeps one: the clients of one caller, nobody, or all callers
             * @default principal
             * @enum {string}
             */
            sessions?: "principal" | "client" | "shared";
            /**
             * @description how long a session without calls is kept
             * @default 600
             */
            idleSeconds?: number;
            /**
             * @description sessions with it at a time
             * @default 64
             */
            maxSessions?: number;
            /**
             * @description of these, those of one caller
             * @default 16
             */
            maxSessionsPerPrincipal?: number;
            /** @description nothing: no program is started over REST */
            command?: unknown;
            /** @description why, for the record */
            note?: string;
        };
        /** @description An upstream over HTTP as in the configuration file. */
        UpstreamDraft: {
            /**
             * Format: uri
             * @description the endpoint of the server
             */
            url?: string;
            /**
             * @description http: Streamable HTTP, or HTTP+SSE where the server speaks only that; sse: HTTP+SSE of 2024-11-05
             * @default http
             * @enum {string}
             */
            transport?: "http" | "sse";
            /**
             * @description headers of each request to it
             * @default {}
             */
            headers?: {
                [key: string]: string;
            };
            /**
             * @description addresses and ranges besides public ones that its name may resolve to: 10.0.0.0/8
             * @default []
             */
            addresses?: string[];
            /**
             * @description protocol revision to speak; without it the gateway finds out
             * @enum {string}
             */
            revision?: "2024-11-05" | "2025-03-26" | "2025-06-18" | "2025-11-25" | "2026-07-28";
            /**
             * @description whether tools carry the id of this upstream in their names
             * @enum {string}
             */
            prefix?: "auto" | "always";
            /**
             * @description as pins.firstSight, for this upstream; follow: every change of its definitions is accepted by itself
             * @enum {string}
             */
            pins?: "trust" | "ask" | "follow";
            /**
             * @description longest wait for the result of a call
             * @default 60
             */
            timeoutSeconds?: number;
            /**
             * @description longest wait for the server to come up
             * @default 20
             */
            startTimeoutSeconds?: number;
            /**
             * @description open: calls may have arguments beside those that the schema of a tool names; conditions may not
             * @default closed
             * @enum {string}
             */
            arguments?: "closed" | "open";
            /**
             * @description false leaves the upstream out
             * @default true
             */
            enabled?: boolean;
            /**
             * @description who shares a session with a server that keeps one: the clients of one caller, nobody, or all callers
             * @default principal
             * @enum {string}
             */
            sessions?: "principal" | "client" | "shared";
            /**
             * @description how long a session without calls is kept
             * @default 600
             */
            idleSeconds?: number;
            /**
             * @description sessions with it at a time
             * @default 64
             */
            maxSessions?: number;
            /**
             * @description of these, those of one caller
             * @default 16
             */
            maxSessionsPerPrincipal?: number;
            /** @description nothing: no program is started over REST */
            command?: unknown;
            /** @description why, for the record */
            note?: string;
        };
        /** @description What an upstream is tried with; nothing stands for what is in force. */
        UpstreamTrial: {
            /**
             * Format: uri
             * @description the endpoint of the server
             */
            url?: string;
            /**
             * @description http: Streamable HTTP, or HTTP+SSE where the server speaks only that; sse: HTTP+SSE of 2024-11-05
             * @default http
             * @enum {string}
             */
            transport?: "http" | "sse";
            /**
             * @description headers of each request to it
             * @default {}
             */
            headers?: {
                [key: string]: string;
            };
            /**
             * @description addresses and ranges besides public ones that its name may resolve to: 10.0.0.0/8
             * @default []
             */
            addresses?: string[];
            /**
             * @description protocol revision to speak; without it the gateway finds out
             * @enum {string}
             */
            revision?: "2024-11-05" | "2025-03-26" | "2025-06-18" | "2025-11-25" | "2026-07-28";
            /**
             * @description whether tools carry the id of this upstream in their names
             * @enum {string}
             */
            prefix?: "auto" | "always";
            /**
             * @description as pins.firstSight, for this upstream; follow: every change of its definitions is accepted by itself
             * @enum {string}
             */
            pins?: "trust" | "ask" | "follow";
            /**
             * @description longest wait for the result of a call
             * @default 60
             */
            timeoutSeconds?: number;
            /**
             * @description longest wait for the server to come up
             * @default 20
             */
            startTimeoutSeconds?: number;
            /**
             * @description open: calls may have arguments beside those that the schema of a tool names; conditions may not
             * @default closed
             * @enum {string}
             */
            arguments?: "closed" | "open";
            /**
             * @description false leaves the upstream out
             * @default true
             */
            enabled?: boolean;
            /**
             * @description who shares a session with a server that keeps one: the clients of one caller, nobody, or all callers
             * @default principal
             * @enum {string}
             */
            sessions?: "principal" | "client" | "shared";
            /**
             * @description how long a session without calls is kept
             * @default 600
             */
            idleSeconds?: number;
            /**
             * @description sessions with it at a time
             * @default 64
             */
            maxSessions?: number;
            /**
             * @description of these, those of one caller
             * @default 16
             */
            maxSessionsPerPrincipal?: number;
            /** @description nothing: no program is started over REST */
            command?: unknown;
        };
        /** @description What a server answers and offers; nothing was kept of it. */
        UpstreamTest: {
            /** @enum {string} */
            state: "starting" | "up" | "down" | "stopped";
            /** @enum {string} */
            transport: "stdio" | "http" | "sse";
            revision?: string;
            /** @enum {string} */
            era?: "legacy" | "modern";
            /** @description why it is down */
            reason?: string;
            tools: string[];
            prompts: string[];
            resources: string[];
        };
        /** @description The versions of an upstream, newest first. */
        UpstreamHistory: {
            /** @description how many this page holds */
            count: number;
            /** @description asks for the next page; absent on the last */
            next_cursor?: string;
            versions: components["schemas"]["UpstreamVersion"][];
        };
        /** @description A version of an upstream that was made over REST. */
        UpstreamVersion: {
            version: number;
            revision: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            at: string;
            by: string;
            note?: string;
            /** @description the upstream ended with this version */
            removed?: boolean;
            settings?: {
                [key: string]: unknown;
            };
        };
        /** @description The version whose content becomes the newest. */
        PolicyRollback: {
            version: number;
            /** @description why, for the history and the record */
            note?: string;
        };
        /** @description Policies in force, that of the file first, then by name. */
        PolicyPage: {
            /** @description how many this page holds */
            count: number;
            /** @description asks for the next page; absent on the last */
            next_cursor?: string;
            policies: components["schemas"]["Policy"][];
        };
        /** @description A policy that is in force. */
        Policy: {
            /** @description "file" for the policy of the configuration file */
            name: string;
            /**
             * @description what comes from the file is not changed over REST
             * @enum {string}
             */
            source: "file" | "api";
            /** @description content hash */
            revision: string;
            version?: number;
            /**
             * @description of the file: the answer where no rule has one
             * @enum {string}
             */
            default?: "allow" | "deny";
            description?: string;
            rules: ({
                id: string;
                effect: string;
            } & {
                [key: string]: unknown;
            })[];
            haldir?: {
                [key: string]: unknown;
            };
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            at?: string;
            by?: string;
            note?: string;
        };
        /** @description Every version there was, newest first. */
        PolicyHistory: {
            /** @description how many this page holds */
            count: number;
            /** @description asks for the next page; absent on the last */
            next_cursor?: string;
            versions: components["schemas"]["PolicyVersion"][];
        };
        /** @description A version of a policy. */
        PolicyVersion: {
            version: number;
            revision: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            at: string;
            by: string;
            note?: string;
            /** @description the policy ended with this version */
            removed?: boolean;
            description?: string;
            rules?: ({
                id: string;
                effect: string;
            } & {
                [key: string]: unknown;
            })[];
            haldir?: {
                [key: string]: unknown;
            };
        };
        /** @description A policy that is made under a name of its own. */
        NewPolicy: {
            /** @description of A-Z, a-z, 0-9, ".", "_" and "-" */
            name: string;
            description?: string;
            /**
             * @description hide and deny beat ask, and ask beats allow, in any order
             * @default []
             */
            rules?: {
                /** @description 1 to 64 of A-Z, a-z, 0-9, ".", "_" and "-", beginning with a letter or digit */
                id: string;
                /**
                 * @description what the rule is about; nothing matches everything that clients call
                 * @default {}
                 */
                match?: {
                    /** @description names of tools, with wildcards or as /regular expressions/ */
                    tools?: string[];
                    /** @description names of prompts, with wildcards or as /regular expressions/ */
                    prompts?: string[];
                    /** @description URIs of resources, with wildcards or as /regular expressions/ */
                    resources?: string[];
                    /** @description protocol methods, for example tools/call or sampling/createMessage */
                    methods?: string[];
                    /** @description ids of upstreams, with wildcards */
                    upstreams?: string[];
                    /** @description names of callers, with wildcards */
                    principals?: string[];
                    /** @description labels of the caller, each with the values that match */
                    labels?: {
                        [key: string]: string[];
                    };
                    /** @description roles of which the caller has one */
                    roles?: ("agent" | "approver" | "auditor" | "operator" | "admin")[];
                    /** @description scopes of which the session of the caller has one */
                    scopes?: ("read" | "write" | "execute" | "browse" | "send" | "delete" | "spend" | "admin")[];
                    /** @description labels of the session, each with the values that match */
                    sessionLabels?: {
                        [key: string]: string[];
                    };
                    /** @description what the server says of the tool; what it leaves out counts as the worst */
                    annotations?: {
                        /** @description whether the tool changes nothing */
                        readOnly?: boolean;
                        /** @description whether what it changes may be lost */
                        destructive?: boolean;
                        /** @description whether a second call changes nothing more */
                        idempotent?: boolean;
                        /** @description whether it reaches things outside */
                        openWorld?: boolean;
                    };
                };
                /** @description a condition in CEL over args, call, principal, session, target, tool, history and now */
                when?: string;
                /** @description schedules, for example "mon-fri 09:00-17:00 Europe/Berlin" */
                during?: string[];
                /**
                 * @description what the rule answers when it matches; limit: nothing, only its limits count; confirm: nothing, but the user of the caller must confirm the call
                 * @enum {string}
                 */
                effect: "allow" | "ask" | "deny" | "hide" | "limit" | "confirm";
                /** @description one sentence for the caller, or for the person who is asked */
                reason?: string;
                /** @description true: evaluated and recorded, not enforced */
                shadow?: boolean;
                /** @description what calls must keep to */
                limits?: ({
                    /**
                     * @description how often
                     * @constant
                     */
                    kind: "rate";
                    /** @description a number of calls, or for a budget decimal text such as "12.50" or a number */
                    max: number;
                    /** @description length of the stretch in which calls are counted */
                    windowSeconds: number;
                    /**
                     * @description sliding: in any stretch of that length; fixed: in stretches of the clock; bucket: refilled evenly
                     * @default sliding
                     * @enum {string}
                     */
                    algorithm?: "sliding" | "fixed" | "bucket";
                    /** @description IANA time zone, for example Europe/Berlin; by default UTC */
                    zone?: string;
                    /** @description how long a call may wait for its turn; by default it is refused at once */
                    queueSeconds?: number;
                    /** @description names the limit; limits of the same name share their counters */
                    id?: string;
                    /**
                     * @description what is counted apart; nothing counts all together
                     * @default [
                     *       "principal"
                     *     ]
                     */
                    per?: string[];
                } | {
                    /**
                     * @description how often the same
                     * @constant
                     */
                    kind: "repeat";
                    /** @description a number of calls, or for a budget decimal text such as "12.50" or a number */
                    max: number;
                    /** @description length of the stretch in which calls are counted */
                    windowSeconds: number;
                    /** @description names the limit; limits of the same name share their counters */
                    id?: string;
                    /**
                     * @description what is counted apart; nothing counts all together
                     * @default [
                     *       "principal"
                     *     ]
                     */
                    per?: string[];
                } | {
                    /**
                     * @description how many at once
                     * @constant
                     */
                    kind: "concurrency";
                    /** @description a number of calls, or for a budget decimal text such as "12.50" or a number */
                    max: number;
                    /** @description names the limit; limits of the same name share their counters */
                    id?: string;
                    /**
                     * @description what is counted apart; nothing counts all together
                     * @default [
                     *       "principal"
                     *     ]
                     */
                    per?: string[];
                } | {
                    /**
                     * @description how much
                     * @constant
                     */
                    kind: "budget";
                    /** @description a number of calls, or for a budget decimal text such as "12.50" or a number */
                    max: string | number;
                    /**
                     * @description what is counted: a currency, or a word of your own
                     * @default USD
                     */
                    unit?: string;
                    /** @description fixed, price, argument or result: what a call costs */
                    cost: {
                        /** @description what each call costs */
                        fixed: string | number;
                    } | {
                        /**
                         * @description what the prices of the configuration say
                         * @constant
                         */
                        price: true;
                    } | {
                        /** @description the argument that says what the call costs */
                        argument: string;
                        /** @description true: a call without it costs nothing */
                        optional?: boolean;
                    } | {
                        /** @description the place in the result that says what the call cost */
                        result: string;
                        /** @description what is held until the result is there */
                        reserve: string | number;
                    };
                    /**
                     * @description when it begins anew; total: never
                     * @default total
                     * @enum {string}
                     */
                    window?: "total" | "minute" | "hour" | "day" | "month";
                    /** @description IANA time zone, for example Europe/Berlin; by default UTC */
                    zone?: string;
                    /**
                     * @description after which errors the amount is given back
                     * @default [
                     *       "rpc_error"
                     *     ]
                     */
                    refundOn?: ("rpc_error" | "tool_error")[];
                    /** @description names the limit; limits of the same name share their counters */
                    id?: string;
                    /**
                     * @description what is counted apart; nothing counts all together
                     * @default [
                     *       "principal"
                     *     ]
                     */
                    per?: string[];
                })[];
                /** @description how a person is asked */
                approval?: {
                    /**
                     * @description wait: the call waits, and what nobody answered in time is refused; hold: it is to be made again; wait-then-hold: first one, then the other
                     * @enum {string}
                     */
                    mode?: "wait" | "hold" | "wait-then-hold";
                    /**
                     * @description release: the waiting or repeated call runs; execute: the gateway runs it at once
                     * @enum {string}
                     */
                    onApprove?: "release" | "execute";
                    /** @description longest wait of the caller */
                    waitSeconds?: number;
                    /** @description how long a person may take */
                    expiresSeconds?: number;
                    /** @description roles or groups of which the person has one */
                    approvers?: string[];
                    /** @description how many people must say yes */
                    quorum?: number;
                    /** @description whether the person must say why */
                    noteRequired?: boolean;
                    /** @description whether the person must present their credential with the answer itself */
                    stepUp?: boolean;
                };
            }[];
            /** @description instead of rules: the body of one policy of Haldir, which is translated */
            haldir?: {
                type: string;
            } & {
                [key: string]: unknown;
            };
            /** @description why, for the history and the record */
            note?: string;
        };
        /** @description A policy as it is sent: rules, or one policy of Haldir. */
        PolicyDraft: {
            description?: string;
            /**
             * @description hide and deny beat ask, and ask beats allow, in any order
             * @default []
             */
            rules?: {
                /** @description 1 to 64 of A-Z, a-z, 0-9, ".", "_" and "-", beginning with a letter or digit */
                id: string;
                /**
                 * @description what the rule is about; nothing matches everything that clients call
                 * @default {}
                 */
                match?: {
                    /** @description names of tools, with wildcards or as /regular expressions/ */
                    tools?: string[];
                    /** @description names of prompts, with wildcards or as /regular expressions/ */
                    prompts?: string[];
                    /** @description URIs of resources, with wildcards or as /regular expressions/ */
                    resources?: string[];
                    /** @description protocol methods, for example tools/call or sampling/createMessage */
                    methods?: string[];
                    /** @description ids of upstreams, with wildcards */
                    upstreams?: string[];
                    /** @description names of callers, with wildcards */
                    principals?: string[];
                    /** @description labels of the caller, each with the values that match */
                    labels?: {
                        [key: string]: string[];
                    };
                    /** @description roles of which the caller has one */
                    roles?: ("agent" | "approver" | "auditor" | "operator" | "admin")[];
                    /** @description scopes of which the session of the caller has one */
                    scopes?: ("read" | "write" | "execute" | "browse" | "send" | "delete" | "spend" | "admin")[];
                    /** @description labels of the session, each with the values that match */
                    sessionLabels?: {
                        [key: string]: string[];
                    };
                    /** @description what the server says of the tool; what it leaves out counts as the worst */
                    annotations?: {
                        /** @description whether the tool changes nothing */
                        readOnly?: boolean;
                        /** @description whether what it changes may be lost */
                        destructive?: boolean;
                        /** @description whether a second call changes nothing more */
                        idempotent?: boolean;
                        /** @description whether it reaches things outside */
                        openWorld?: boolean;
                    };
                };
                /** @description a condition in CEL over args, call, principal, session, target, tool, history and now */
                when?: string;
                /** @description schedules, for example "mon-fri 09:00-17:00 Europe/Berlin" */
                during?: string[];
                /**
                 * @description what the rule answers when it matches; limit: nothing, only its limits count; confirm: nothing, but the user of the caller must confirm the call
                 * @enum {string}
                 */
                effect: "allow" | "ask" | "deny" | "hide" | "limit" | "confirm";
                /** @description one sentence for the caller, or for the person who is asked */
                reason?: string;
                /** @description true: evaluated and recorded, not enforced */
                shadow?: boolean;
                /** @description what calls must keep to */
                limits?: ({
                    /**
                     * @description how often
                     * @constant
                     */
                    kind: "rate";
                    /** @description a number of calls, or for a budget decimal text such as "12.50" or a number */
                    max: number;
                    /** @description length of the stretch in which calls are counted */
                    windowSeconds: number;
                    /**
                     * @description sliding: in any stretch of that length; fixed: in stretches of the clock; bucket: refilled evenly
                     * @default sliding
                     * @enum {string}
                     */
                    algorithm?: "sliding" | "fixed" | "bucket";
                    /** @description IANA time zone, for example Europe/Berlin; by default UTC */
                    zone?: string;
                    /** @description how long a call may wait for its turn; by default it is refused at once */
                    queueSeconds?: number;
                    /** @description names the limit; limits of the same name share their counters */
                    id?: string;
                    /**
                     * @description what is counted apart; nothing counts all together
                     * @default [
                     *       "principal"
                     *     ]
                     */
                    per?: string[];
                } | {
                    /**
                     * @description how often the same
                     * @constant
                     */
                    kind: "repeat";
                    /** @description a number of calls, or for a budget decimal text such as "12.50" or a number */
                    max: number;
                    /** @description length of the stretch in which calls are counted */
                    windowSeconds: number;
                    /** @description names the limit; limits of the same name share their counters */
                    id?: string;
                    /**
                     * @description what is counted apart; nothing counts all together
                     * @default [
                     *       "principal"
                     *     ]
                     */
                    per?: string[];
                } | {
                    /**
                     * @description how many at once
                     * @constant
                     */
                    kind: "concurrency";
                    /** @description a number of calls, or for a budget decimal text such as "12.50" or a number */
                    max: number;
                    /** @description names the limit; limits of the same name share their counters */
                    id?: string;
                    /**
                     * @description what is counted apart; nothing counts all together
                     * @default [
                     *       "principal"
                     *     ]
                     */
                    per?: string[];
                } | {
                    /**
                     * @description how much
                     * @constant
                     */
                    kind: "budget";
                    /** @description a number of calls, or for a budget decimal text such as "12.50" or a number */
                    max: string | number;
                    /**
                     * @description what is counted: a currency, or a word of your own
                     * @default USD
                     */
                    unit?: string;
                    /** @description fixed, price, argument or result: what a call costs */
                    cost: {
                        /** @description what each call costs */
                        fixed: string | number;
                    } | {
                        /**
                         * @description what the prices of the configuration say
                         * @constant
                         */
                        price: true;
                    } | {
                        /** @description the argument that says what the call costs */
                        argument: string;
                        /** @description true: a call without it costs nothing */
                        optional?: boolean;
                    } | {
                        /** @description the place in the result that says what the call cost */
                        result: string;
                        /** @description what is held until the result is there */
                        reserve: string | number;
                    };
                    /**
                     * @description when it begins anew; total: never
                     * @default total
                     * @enum {string}
                     */
                    window?: "total" | "minute" | "hour" | "day" | "month";
                    /** @description IANA time zone, for example Europe/Berlin; by default UTC */
                    zone?: string;
                    /**
                     * @description after which errors the amount is given back
                     * @default [
                     *       "rpc_error"
                     *     ]
                     */
                    refundOn?: ("rpc_error" | "tool_error")[];
                    /** @description names the limit; limits of the same name share their counters */
                    id?: string;
                    /**
                     * @description what is counted apart; nothing counts all together
                     * @default [
                     *       "principal"
                     *     ]
                     */
                    per?: string[];
                })[];
                /** @description how a person is asked */
                approval?: {
                    /**
                     * @description wait: the call waits, and what nobody answered in time is refused; hold: it is to be made again; wait-then-hold: first one, then the other
                     * @enum {string}
                     */
                    mode?: "wait" | "hold" | "wait-then-hold";
                    /**
                     * @description release: the waiting or repeated call runs; execute: the gateway runs it at once
                     * @enum {string}
                     */
                    onApprove?: "release" | "execute";
                    /** @description longest wait of the caller */
                    waitSeconds?: number;
                    /** @description how long a person may take */
                    expiresSeconds?: number;
                    /** @description roles or groups of which the person has one */
                    approvers?: string[];
                    /** @description how many people must say yes */
                    quorum?: number;
                    /** @description whether the person must say why */
                    noteRequired?: boolean;
                    /** @description whether the person must present their credential with the answer itself */
                    stepUp?: boolean;
                };
            }[];
            /** @description instead of rules: the body of one policy of Haldir, which is translated */
            haldir?: {
                type: string;
            } & {
                [key: string]: unknown;
            };
            /** @description why, for the history and the record */
            note?: string;
        };
        /** @description A call that nobody makes. */
        PolicyQuestion: {
            /** @description the tool, as callers know it */
            tool?: string;
            prompt?: string;
            resource?: string;
            /** @description where it is not the usual one */
            method?: string;
            arguments?: {
                [key: string]: unknown;
            };
            /**
             * @description a principal
             * @default somebody
             */
            as?: string;
            /** @description of the principal; by default what a token says, else agent */
            roles?: ("agent" | "approver" | "auditor" | "operator" | "admin")[];
            labels?: {
                [key: string]: string;
            };
            /** @description a session that the call is taken to be made in; by default it is in none */
            session?: {
                /** @description by default read and browse */
                scopes?: string[];
                /** @description its budget, in dollars */
                spend_limit?: string | number;
                agent_id?: string;
                labels?: {
                    [key: string]: string;
                };
            };
            /** @description when; by default now */
            at?: string;
        };
        /** @description What is answered to a call, rule by rule. */
        PolicyExplanation: {
            call: {
                [key: string]: unknown;
            };
            /** @description why the arguments are refused whatever the rules say */
            invalidArguments?: string;
            assumed?: string;
            decision: {
                effect: string;
                reason: string;
            } & {
                [key: string]: unknown;
            };
            rules: ({
                id: string;
                matched: boolean;
            } & {
                [key: string]: unknown;
            })[];
            wouldAllow?: string[];
            session?: {
                scopes: string[];
                /** @description the scopes of which the call needs one */
                needs: string[];
                /** @description what the call takes of the budget, in dollars */
                cost?: string;
                budget?: string;
                /** @description as what the session refuses the call that the rules let pass */
                refused?: string;
            } & {
                [key: string]: unknown;
            };
        } & {
            [key: string]: unknown;
        };
        /** @description What is tried and not kept; nothing stands for what is in force. */
        PolicyTrial: {
            /** @description of the policy that the draft would replace or be */
            name?: string;
            description?: string;
            /**
             * @description hide and deny beat ask, and ask beats allow, in any order
             * @default []
             */
            rules?: {
                /** @description 1 to 64 of A-Z, a-z, 0-9, ".", "_" and "-", beginning with a letter or digit */
                id: string;
                /**
                 * @description what the rule is about; nothing matches everything that clients call
                 * @default {}
                 */
                match?: {
                    /** @description names of tools, with wildcards or as /regular expressions/ */
                    tools?: string[];
                    /** @description names of prompts, with wildcards or as /regular expressions/ */
                    prompts?: string[];
                    /** @description URIs of resources, with wildcards or as /regular expressions/ */
                    resources?: string[];
                    /** @description protocol methods, for example tools/call or sampling/createMessage */
                    methods?: string[];
                    /** @description ids of upstreams, with wildcards */
                    upstreams?: string[];
                    /** @description names of callers, with wildcards */
                    principals?: string[];
                    /** @description labels of the caller, each with the values that match */
                    labels?: {
                        [key: string]: string[];
                    };
                    /** @description roles of which the caller has one */
                    roles?: ("agent" | "approver" | "auditor" | "operator" | "admin")[];
                    /** @description scopes of which the session of the caller has one */
                    scopes?: ("read" | "write" | "execute" | "browse" | "send" | "delete" | "spend" | "admin")[];
                    /** @description labels of the session, each with the values that match */
                    sessionLabels?: {
                        [key: string]: string[];
                    };
                    /** @description what the server says of the tool; what it leaves out counts as the worst */
                    annotations?: {
                        /** @description whether the tool changes nothing */
                        readOnly?: boolean;
                        /** @description whether what it changes may be lost */
                        destructive?: boolean;
                        /** @description whether a second call changes nothing more */
                        idempotent?: boolean;
                        /** @description whether it reaches things outside */
                        openWorld?: boolean;
                    };
                };
                /** @description a condition in CEL over args, call, principal, session, target, tool, history and now */
                when?: string;
                /** @description schedules, for example "mon-fri 09:00-17:00 Europe/Berlin" */
                during?: string[];
                /**
                 * @description what the rule answers when it matches; limit: nothing, only its limits count; confirm: nothing, but the user of the caller must confirm the call
                 * @enum {string}
                 */
                effect: "allow" | "ask" | "deny" | "hide" | "limit" | "confirm";
                /** @description one sentence for the caller, or for the person who is asked */
                reason?: string;
                /** @description true: evaluated and recorded, not enforced */
                shadow?: boolean;
                /** @description what calls must keep to */
                limits?: ({
                    /**
                     * @description how often
                     * @constant
                     */
                    kind: "rate";
                    /** @description a number of calls, or for a budget decimal text such as "12.50" or a number */
                    max: number;
                    /** @description length of the stretch in which calls are counted */
                    windowSeconds: number;
                    /**
                     * @description sliding: in any stretch of that length; fixed: in stretches of the clock; bucket: refilled evenly
                     * @default sliding
                     * @enum {string}
                     */
                    algorithm?: "sliding" | "fixed" | "bucket";
                    /** @description IANA time zone, for example Europe/Berlin; by default UTC */
                    zone?: string;
                    /** @description how long a call may wait for its turn; by default it is refused at once */
                    queueSeconds?: number;
                    /** @description names the limit; limits of the same name share their counters */
                    id?: string;
                    /**
                     * @description what is counted apart; nothing counts all together
                     * @default [
                     *       "principal"
                     *     ]
                     */
                    per?: string[];
                } | {
                    /**
                     * @description how often the same
                     * @constant
                     */
                    kind: "repeat";
                    /** @description a number of calls, or for a budget decimal text such as "12.50" or a number */
                    max: number;
                    /** @description length of the stretch in which calls are counted */
                    windowSeconds: number;
                    /** @description names the limit; limits of the same name share their counters */
                    id?: string;
                    /**
                     * @description what is counted apart; nothing counts all together
                     * @default [
                     *       "principal"
                     *     ]
                     */
                    per?: string[];
                } | {
                    /**
                     * @description how many at once
                     * @constant
                     */
                    kind: "concurrency";
                    /** @description a number of calls, or for a budget decimal text such as "12.50" or a number */
                    max: number;
                    /** @description names the limit; limits of the same name share their counters */
                    id?: string;
                    /**
                     * @description what is counted apart; nothing counts all together
                     * @default [
                     *       "principal"
                     *     ]
                     */
                    per?: string[];
                } | {
                    /**
                     * @description how much
                     * @constant
                     */
                    kind: "budget";
                    /** @description a number of calls, or for a budget decimal text such as "12.50" or a number */
                    max: string | number;
                    /**
                     * @description what is counted: a currency, or a word of your own
                     * @default USD
                     */
                    unit?: string;
                    /** @description fixed, price, argument or result: what a call costs */
                    cost: {
                        /** @description what each call costs */
                        fixed: string | number;
                    } | {
                        /**
                         * @description what the prices of the configuration say
                         * @constant
                         */
                        price: true;
                    } | {
                        /** @description the argument that says what the call costs */
                        argument: string;
                        /** @description true: a call without it costs nothing */
                        optional?: boolean;
                    } | {
                        /** @description the place in the result that says what the call cost */
                        result: string;
                        /** @description what is held until the result is there */
                        reserve: string | number;
                    };
                    /**
                     * @description when it begins anew; total: never
                     * @default total
                     * @enum {string}
                     */
                    window?: "total" | "minute" | "hour" | "day" | "month";
                    /** @description IANA time zone, for example Europe/Berlin; by default UTC */
                    zone?: string;
                    /**
                     * @description after which errors the amount is given back
                     * @default [
                     *       "rpc_error"
                     *     ]
                     */
                    refundOn?: ("rpc_error" | "tool_error")[];
                    /** @description names the limit; limits of the same name share their counters */
                    id?: string;
                    /**
                     * @description what is counted apart; nothing counts all together
                     * @default [
                     *       "principal"
                     *     ]
                     */
                    per?: string[];
                })[];
                /** @description how a person is asked */
                approval?: {
                    /**
                     * @description wait: the call waits, and what nobody answered in time is refused; hold: it is to be made again; wait-then-hold: first one, then the other
                     * @enum {string}
                     */
                    mode?: "wait" | "hold" | "wait-then-hold";
                    /**
                     * @description release: the waiting or repeated call runs; execute: the gateway runs it at once
                     * @enum {string}
                     */
                    onApprove?: "release" | "execute";
                    /** @description longest wait of the caller */
                    waitSeconds?: number;
                    /** @description how long a person may take */
                    expiresSeconds?: number;
                    /** @description roles or groups of which the person has one */
                    approvers?: string[];
                    /** @description how many people must say yes */
                    quorum?: number;
                    /** @description whether the person must say why */
                    noteRequired?: boolean;
                    /** @description whether the person must present their credential with the answer itself */
                    stepUp?: boolean;
                };
            }[];
            /** @description instead of rules: the body of one policy of Haldir, which is translated */
            haldir?: {
                type: string;
            } & {
                [key: string]: unknown;
            };
            /**
             * @description instead of a draft: what it is like without the policy
             * @constant
             */
            remove?: true;
        };
        /** @description Everything that is questionable about the rules. */
        PolicyCheck: {
            count: number;
            findings: components["schemas"]["PolicyFinding"][];
        };
        /** @description Something that is questionable about the rules. */
        PolicyFinding: {
            /**
             * @description a policy with errors is refused
             * @enum {string}
             */
            severity: "error" | "warning";
            code: string;
            path: string;
            message: string;
            rule?: string;
            target?: string;
            found?: string;
            expected?: string;
            file?: string;
            line?: number;
            column?: number;
        };
        /** @description What a draft would change. */
        PolicyDiff: {
            rules: ({
                what: string;
                change: string;
            } & {
                [key: string]: unknown;
            })[];
            /** @description how many sample calls were put to both */
            samples: number;
            /** @description sample calls that are answered otherwise */
            changes: ({
                target: string;
                before: string;
                after: string;
            } & {
                [key: string]: unknown;
            })[];
        };
        /** @description What makes the first key. */
        Setup: {
            /** @description the token that the gateway printed when it started */
            token: string;
            /**
             * @description the name of the administrator
             * @default admin
             */
            principal?: string;
        };
        /** @description The first key, with the role admin. */
        FirstKey: {
            id: string;
            /** @description the key itself; it is not shown again */
            key: string;
            principal: string;
            /**
             * Format: date-time
             * @description when it ends
             */
            expires_at: string;
        };
        /** @description What a session is asked for. */
        NewSession: {
            /** @description the agent it is for, as records name it */
            agent_id: string;
            /** @description read, write, execute, browse, send, delete, spend, admin, or spend:AMOUNT; by default read and browse */
            scopes?: string[];
            /** @description how many seconds it lasts, an hour by default; 0: no end, where the operator allows it */
            ttl?: number;
            /** @description what its calls may cost; goes before what spend: says */
            spend_limit?: string | number;
            /** @description labels for rules */
            labels?: {
                [key: string]: string;
            };
            /** @description token of the session that it is delegated from */
            parent?: string;
        };
        /** @description A session right after it was made. */
        IssuedSession: {
            /** @description the token, shown this once */
            session_id: string;
            /** @description names the session in records and lists */
            id: string;
            agent_id: string;
            scopes: string[];
            /** @description null: it does not end by itself */
            expires_at: string | null;
            /** @description the same in seconds since 1970 */
            expires_at_unix: number | null;
        };
        /** @description Sessions, newest first. */
        SessionPage: {
            /** @description how many this page holds */
            count: number;
            /** @description asks for the next page; absent on the last */
            next_cursor?: string;
            sessions: components["schemas"]["Session"][];
        };
        /** @description A session, without its token. */
        Session: {
            id: string;
            /** @description as it was asked for */
            session_id?: string;
            agent_id: string;
            principal: string;
            credential: string;
            scopes: string[];
            labels: {
                [key: string]: string;
            };
            is_valid: boolean;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            created_at: string;
            /** @description null: it does not end by itself */
            expires_at: string | null;
            /** @description the same in seconds since 1970 */
            expires_at_unix: number | null;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            revoked_at?: string;
            parent?: string;
            /** @description dollars, as decimal text */
            spend_limit?: string;
            /** @description dollars, as decimal text */
            spent?: string;
            /** @description the least that is left of its budgets */
            remaining_budget?: string;
            budgets: {
                /** @description the session whose budget it is: this one, or one it was delegated from */
                session: string;
                /** @description dollars, as decimal text */
                limit: string;
                /** @description dollars, as decimal text */
                remaining: string;
                /** @description it does not begin anew */
                resets_at: null;
                ends_at: string | null;
            }[];
        };
        RevokedSession: {
            /** @constant */
            revoked: true;
            session_id: string;
        };
        ScopeAnswer: {
            allowed: boolean;
            session_id: string;
            scope: string;
        };
        /** @description A call of a tool. */
        ProxyCall: {
            /** @description its name, or upstream.name */
            tool: string;
            arguments?: {
                [key: string]: unknown;
            };
            /** @description token of the session; or send it in Sallyport-Session */
            session_id?: string;
        };
        /** @description What the tool answered, as MCP has it. */
        ToolResult: {
            content?: ({
                type: string;
            } & {
                [key: string]: unknown;
            })[];
            /** @description true: the tool's own error */
            isError?: boolean;
        } & {
            [key: string]: unknown;
        };
        /** @description The tools of all upstreams that the caller may use. */
        ProxyTools: {
            count: number;
            tools: {
                name: string;
                description: string;
                upstream: string;
                inputSchema: {
                    [key: string]: unknown;
                };
                annotations: {
                    [key: string]: unknown;
                };
            }[];
        };
        /** @description Money that is to be spent outside of any call. */
        Payment: {
            /** @description the token; or send it in Sallyport-Session */
            session_id?: string;
            /** @description dollars: decimal text such as "12.50", or a number */
            amount: string | number;
            /**
             * @default USD
             * @constant
             */
            currency?: "USD";
            description?: string;
        };
        PaymentAuthorization: {
            /** @constant */
            authorized: true;
            authorization_id: string;
            /** @description dollars, as decimal text */
            amount: string;
            /** @constant */
            currency: "USD";
            /** @description null: no budget counts it */
            remaining_budget: string | null;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            timestamp: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    isAlive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The process answers. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alive"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCompatHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The process answers, as mcp-governance-proxy says it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CompatHealth"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    isReady: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whether calls are decided, recorded and answered. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Whether calls are decided, recorded and answered. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
    listUpstreams: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The servers behind the gateway. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpstreamList"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createUpstream: {
        parameters: {
            query?: never;
            header?: {
                /** @description With it, the request is carried out once; while the first is under way, the answer is 409. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewUpstream"];
            };
        };
        responses: {
            /** @description A server behind the gateway, how it is reached and how it is. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpstreamDocument"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used. `invalid_header`: A header cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `exists`: There is one of that name. `read_only`: It comes from the configuration file. `conflict`: The state of the resource does not allow it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The Idempotency-Key belongs to another request. `invalid_upstream`: The upstream cannot work */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_ready`: The gateway takes no changes now. `unrecorded`: The change could not be recorded, and was not made */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listUndelivered: {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What channels could not be told, and are not told any more. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Undelivered"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getStatus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How the gateway is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Status"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getConfig: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The configuration in effect. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EffectiveConfig"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role. `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listVisibleTools: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tools that the caller may see. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolPage"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented. `session_invalid`: The session does not count */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `kill_switch`: An operator has stopped such calls */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `audit_unavailable`: The call could not be recorded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listApprovalRules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CompatApprovalRules"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addApprovalRule: {
        parameters: {
            query?: never;
            header?: {
                /** @description With it, the request is carried out once; while the first is under way, the answer is 409. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CompatApprovalRule"];
            };
        };
        responses: {
            /** @description A rule with the id that it got. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CompatAddedRule"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used. `invalid_header`: A header cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The Idempotency-Key belongs to another request. `invalid_policy`: The policy cannot work */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeApprovalRule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is no longer in force. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_header`: A header cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition_failed`: The resource is not what the change was meant for */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    requestApproval: {
        parameters: {
            query?: never;
            header?: {
                /** @description With it, the request is carried out once; while the first is under way, the answer is 409. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CompatApprovalWish"];
            };
        };
        responses: {
            /** @description What a person was asked. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CompatRequested"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used. `invalid_arguments`: The arguments do not fit the tool */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented. `session_invalid`: The session does not count */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role. `kill_switch`: An operator has stopped such calls. `target_changed`: The definition of the tool changed and waits for a person. `denied`: Policy denies the call */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unknown_target`: There is no such tool for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The Idempotency-Key belongs to another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `approval_unavailable`: Nobody can be asked. `audit_unavailable`: The call could not be recorded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCompatPending: {
        parameters: {
            query?: {
                agent_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What waits for a person, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CompatPending"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listApprovals: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                state?: "pending" | "approved" | "denied" | "expired" | "cancelled" | "stale" | "used";
                caller?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Held calls, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalPage"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    streamApprovals: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The changes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `full`: As many are open as may be */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getApproval: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Approval"] | components["schemas"]["CompatApproval"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unknown`: There is no such hold */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    viewApproval: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What an approver is shown; all text is safe to show. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalView"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unknown`: There is no such hold */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getApprovalResult: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What a call returned that the gateway made for its caller. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalResult"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unknown`: There is no such hold */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `no_result`: There is no result */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    approveCall: {
        parameters: {
            query?: never;
            header?: {
                /** @description With it, the request is carried out once; while the first is under way, the answer is 409. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ApprovalAnswer"];
            };
        };
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Approval"] | components["schemas"]["CompatDecided"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used. `note_missing`: A reason is required */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `step_up`: The credential must come with the answer */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unknown`: There is no such hold */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_editable`: The arguments cannot be changed like this. `decided`: The hold is decided already. `expired`: The hold has expired. `changed`: What was seen is not what is there. `voted`: The approver has answered before */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The Idempotency-Key belongs to another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unrecorded`: The change could not be recorded, and was not made */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    denyCall: {
        parameters: {
            query?: never;
            header?: {
                /** @description With it, the request is carried out once; while the first is under way, the answer is 409. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ApprovalAnswer"];
            };
        };
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Approval"] | components["schemas"]["CompatDecided"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used. `note_missing`: A reason is required */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `step_up`: The credential must come with the answer */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unknown`: There is no such hold */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_editable`: The arguments cannot be changed like this. `decided`: The hold is decided already. `expired`: The hold has expired. `changed`: What was seen is not what is there. `voted`: The approver has answered before */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The Idempotency-Key belongs to another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unrecorded`: The change could not be recorded, and was not made */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replayCall: {
        parameters: {
            query?: never;
            header?: {
                /** @description With it, the request is carried out once; while the first is under way, the answer is 409. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What a call returned that the gateway made for its caller. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalResult"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unknown`: There is no such hold */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_approved`: The hold is not approved, or was used */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The Idempotency-Key belongs to another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelCall: {
        parameters: {
            query?: never;
            header?: {
                /** @description With it, the request is carried out once; while the first is under way, the answer is 409. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A call that waits, or waited, for a person. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Approval"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unknown`: There is no such hold */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `decided`: The hold is decided already */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The Idempotency-Key belongs to another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAuditEntries: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                session_id?: string;
                agent_id?: string;
                tool?: string;
                upstream?: string;
                status?: "allowed" | "denied";
                since?: string;
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Calls, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEntryPage"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSpend: {
        parameters: {
            query?: {
                session_id?: string;
                agent_id?: string;
                since?: string;
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What calls cost: what was reserved, until it is known. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Spend"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listStandingApprovals: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was approved beforehand, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StandingApprovalPage"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createStandingApproval: {
        parameters: {
            query?: never;
            header?: {
                /** @description With it, the request is carried out once; while the first is under way, the answer is 409. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewStandingApproval"];
            };
        };
        responses: {
            /** @description A yes given beforehand to so many calls, for so long. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StandingApproval"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role. `step_up`: The credential must come with the answer */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unknown`: There is no such hold */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: The state of the resource does not allow it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The Idempotency-Key belongs to another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeStandingApproval: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A yes given beforehand to so many calls, for so long. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StandingApproval"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: The state of the resource does not allow it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAuditRecords: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                order?: "asc" | "desc";
                type?: string;
                call?: string;
                caller?: string;
                tool?: string;
                upstream?: string;
                effect?: "allow" | "ask" | "deny" | "hide";
                rule?: string;
                since?: string;
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Records of the audit trail. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditRecordPage"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listBudgets: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Counters of budgets, by budget, unit and scope. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BudgetPage"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listLedger: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What calls took of a budget, the latest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LedgerPage"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listLimits: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Counters of calls, in the order in which they were made. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitPage"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listKillSwitches: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Everything that is stopped, oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KillSwitchList"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    throwKillSwitch: {
        parameters: {
            query?: never;
            header?: {
                /** @description With it, the request is carried out once; while the first is under way, the answer is 409. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KillOrder"];
            };
        };
        responses: {
            /** @description What is stopped until somebody lifts it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KillSwitch"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The Idempotency-Key belongs to another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stopped_unrecorded`: The change was made, and may not be on record */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    liftKillSwitch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is stopped until somebody lifts it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KillSwitch"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unrecorded`: The change could not be recorded, and was not made */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listKeys: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Keys, oldest first, with those that ended. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyPage"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description With it, the request is carried out once; while the first is under way, the answer is 409. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeyRequest"];
            };
        };
        responses: {
            /** @description A key that was made a moment ago, with the key itself. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuedKey"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The Idempotency-Key belongs to another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unrecorded`: The change could not be recorded, and was not made */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An API key, never the key itself. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Key"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An API key, never the key itself. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Key"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: The state of the resource does not allow it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unrecorded`: The change could not be recorded, and was not made */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description With it, the request is carried out once; while the first is under way, the answer is 409. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["KeyRotation"];
            };
        };
        responses: {
            /** @description A key that was made a moment ago, with the key itself. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuedKey"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: The state of the resource does not allow it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The Idempotency-Key belongs to another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unrecorded`: The change could not be recorded, and was not made */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPrincipals: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Principals with a key or a configured token, by name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PrincipalPage"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSignIns: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                principal?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who is signed in, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInPage"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endSignIns: {
        parameters: {
            query?: never;
            header?: {
                /** @description With it, the request is carried out once; while the first is under way, the answer is 409. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndSignIns"];
            };
        };
        responses: {
            /** @description Who was signed out. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndedSignIns"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The Idempotency-Key belongs to another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stopped_unrecorded`: The change was made, and may not be on record */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endSignIn: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Somebody who is signed in, in one browser. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignIn"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stopped_unrecorded`: The change was made, and may not be on record */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPins: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                upstream?: string;
                kind?: "tool" | "prompt";
                state?: "accepted" | "waiting" | "changed" | "rejected" | "gone";
                definitions?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Pins by upstream, kind and name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PinPage"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                upstream: string;
                kind: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was decided on a definition of an upstream. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pin"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    forgetPin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                upstream: string;
                kind: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was decided on a definition of an upstream. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pin"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unrecorded`: The change could not be recorded, and was not made */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    acceptPin: {
        parameters: {
            query?: never;
            header?: {
                /** @description With it, the request is carried out once; while the first is under way, the answer is 409. */
                "Idempotency-Key"?: string;
            };
            path: {
                upstream: string;
                kind: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PinDecision"];
            };
        };
        responses: {
            /** @description What was decided on a definition of an upstream. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pin"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `changed`: What was seen is not what is there */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The Idempotency-Key belongs to another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unrecorded`: The change could not be recorded, and was not made */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rejectPin: {
        parameters: {
            query?: never;
            header?: {
                /** @description With it, the request is carried out once; while the first is under way, the answer is 409. */
                "Idempotency-Key"?: string;
            };
            path: {
                upstream: string;
                kind: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PinDecision"];
            };
        };
        responses: {
            /** @description What was decided on a definition of an upstream. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pin"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `changed`: What was seen is not what is there */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The Idempotency-Key belongs to another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unrecorded`: The change could not be recorded, and was not made */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCompatHolds: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What waits, oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CompatHolds"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_configured`: The configuration does not provide for it */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    approveCompatHold: {
        parameters: {
            query?: never;
            header?: {
                /** @description With it, the request is carried out once; while the first is under way, the answer is 409. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What became of the hold, and of its call where it was made. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CompatAnswer"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unknown`: There is no such hold */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The Idempotency-Key belongs to another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_configured`: The configuration does not provide for it. `unrecorded`: The change could not be recorded, and was not made */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rejectCompatHold: {
        parameters: {
            query?: never;
            header?: {
                /** @description With it, the request is carried out once; while the first is under way, the answer is 409. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What became of the hold, and of its call where it was made. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CompatAnswer"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unknown`: There is no such hold */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The Idempotency-Key belongs to another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_configured`: The configuration does not provide for it. `unrecorded`: The change could not be recorded, and was not made */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    registerCompatUpstream: {
        parameters: {
            query?: never;
            header?: {
                /** @description With it, the request is carried out once; while the first is under way, the answer is 409. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CompatUpstream"];
            };
        };
        responses: {
            /** @description The answer */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CompatRegisteredUpstream"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used. `invalid_header`: A header cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `exists`: There is one of that name. `read_only`: It comes from the configuration file */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The Idempotency-Key belongs to another request. `invalid_upstream`: The upstream cannot work */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCompatPolicies: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CompatPolicies"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addCompatPolicy: {
        parameters: {
            query?: never;
            header?: {
                /** @description With it, the request is carried out once; while the first is under way, the answer is 409. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CompatPolicy"];
            };
        };
        responses: {
            /** @description A policy with the id that it got. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CompatPolicyDocument"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used. `invalid_header`: A header cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The Idempotency-Key belongs to another request. `invalid_policy`: The policy cannot work */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replaceCompatPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CompatPolicy"];
            };
        };
        responses: {
            /** @description A policy with the id that it got. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CompatPolicyDocument"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used. `invalid_header`: A header cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition_failed`: The resource is not what the change was meant for */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_policy`: The policy cannot work */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeCompatPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is no longer in force. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_header`: A header cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition_failed`: The resource is not what the change was meant for */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getUpstream: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A server behind the gateway, how it is reached and how it is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpstreamDocument"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putUpstream: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["UpstreamDraft"];
            };
        };
        responses: {
            /** @description A server behind the gateway, how it is reached and how it is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpstreamDocument"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used. `invalid_header`: A header cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `exists`: There is one of that name. `read_only`: It comes from the configuration file. `conflict`: The state of the resource does not allow it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition_failed`: The resource is not what the change was meant for */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_upstream`: The upstream cannot work */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_ready`: The gateway takes no changes now. `unrecorded`: The change could not be recorded, and was not made */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteUpstream: {
        parameters: {
            query?: {
                note?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is no longer there. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_header`: A header cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `read_only`: It comes from the configuration file */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition_failed`: The resource is not what the change was meant for */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_upstream`: The upstream cannot work */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_ready`: The gateway takes no changes now. `unrecorded`: The change could not be recorded, and was not made */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    testUpstream: {
        parameters: {
            query?: never;
            header?: {
                /** @description With it, the request is carried out once; while the first is under way, the answer is 409. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["UpstreamTrial"];
            };
        };
        responses: {
            /** @description What a server answers and offers; nothing was kept of it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpstreamTest"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `read_only`: It comes from the configuration file */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The Idempotency-Key belongs to another request. `invalid_upstream`: The upstream cannot work */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getUpstreamHistory: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The versions of an upstream, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpstreamHistory"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rollBackUpstream: {
        parameters: {
            query?: never;
            header?: {
                /** @description With it, the request is carried out once; while the first is under way, the answer is 409. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PolicyRollback"];
            };
        };
        responses: {
            /** @description A server behind the gateway, how it is reached and how it is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpstreamDocument"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used. `invalid_header`: A header cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `exists`: There is one of that name. `read_only`: It comes from the configuration file. `conflict`: The state of the resource does not allow it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition_failed`: The resource is not what the change was meant for */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The Idempotency-Key belongs to another request. `invalid_upstream`: The upstream cannot work */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_ready`: The gateway takes no changes now. `unrecorded`: The change could not be recorded, and was not made */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPolicies: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Policies in force, that of the file first, then by name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyPage"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createPolicy: {
        parameters: {
            query?: never;
            header?: {
                /** @description With it, the request is carried out once; while the first is under way, the answer is 409. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPolicy"];
            };
        };
        responses: {
            /** @description A policy that is in force. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Policy"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used. `invalid_header`: A header cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `exists`: There is one of that name. `read_only`: It comes from the configuration file. `conflict`: The state of the resource does not allow it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The Idempotency-Key belongs to another request. `invalid_policy`: The policy cannot work */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_ready`: The gateway takes no changes now. `unrecorded`: The change could not be recorded, and was not made */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A policy that is in force. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Policy"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PolicyDraft"];
            };
        };
        responses: {
            /** @description A policy that is in force. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Policy"];
                };
            };
            /** @description A policy that is in force. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Policy"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used. `invalid_header`: A header cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `read_only`: It comes from the configuration file. `conflict`: The state of the resource does not allow it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition_failed`: The resource is not what the change was meant for */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_policy`: The policy cannot work */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_ready`: The gateway takes no changes now. `unrecorded`: The change could not be recorded, and was not made */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deletePolicy: {
        parameters: {
            query?: {
                note?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is no longer in force. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_header`: A header cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `read_only`: It comes from the configuration file */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition_failed`: The resource is not what the change was meant for */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_policy`: The policy cannot work */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_ready`: The gateway takes no changes now. `unrecorded`: The change could not be recorded, and was not made */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPolicyHistory: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every version there was, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyHistory"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rollBackPolicy: {
        parameters: {
            query?: never;
            header?: {
                /** @description With it, the request is carried out once; while the first is under way, the answer is 409. */
                "Idempotency-Key"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PolicyRollback"];
            };
        };
        responses: {
            /** @description A policy that is in force. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Policy"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used. `invalid_header`: A header cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition_failed`: The resource is not what the change was meant for */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The Idempotency-Key belongs to another request. `invalid_policy`: The policy cannot work */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_ready`: The gateway takes no changes now. `unrecorded`: The change could not be recorded, and was not made */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    explainPolicy: {
        parameters: {
            query?: never;
            header?: {
                /** @description With it, the request is carried out once; while the first is under way, the answer is 409. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PolicyQuestion"];
            };
        };
        responses: {
            /** @description What is answered to a call, rule by rule. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyExplanation"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The Idempotency-Key belongs to another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    checkPolicy: {
        parameters: {
            query?: never;
            header?: {
                /** @description With it, the request is carried out once; while the first is under way, the answer is 409. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PolicyTrial"];
            };
        };
        responses: {
            /** @description Everything that is questionable about the rules. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyCheck"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The Idempotency-Key belongs to another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    diffPolicy: {
        parameters: {
            query?: never;
            header?: {
                /** @description With it, the request is carried out once; while the first is under way, the answer is 409. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PolicyTrial"];
            };
        };
        responses: {
            /** @description What a draft would change. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyDiff"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The Idempotency-Key belongs to another request. `invalid_policy`: The policy cannot work */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setUp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Setup"];
            };
        };
        responses: {
            /** @description The first key, with the role admin. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FirstKey"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSessions: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                state?: "valid" | "all";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Sessions, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionPage"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description With it, the request is carried out once; while the first is under way, the answer is 409. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSession"];
            };
        };
        responses: {
            /** @description A session right after it was made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuedSession"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented. `session_invalid`: The session does not count */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The Idempotency-Key belongs to another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unrecorded`: The change could not be recorded, and was not made */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A session, without its token. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevokedSession"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stopped_unrecorded`: The change was made, and may not be on record */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    checkSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description With it, the request is carried out once; while the first is under way, the answer is 409. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description a scope; spend:AMOUNT asks whether so much is left, too */
                    scope: string;
                };
            };
        };
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScopeAnswer"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `forbidden`: The caller may not do this. `role_missing`: The credential lacks a role */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The Idempotency-Key belongs to another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    callTool: {
        parameters: {
            query?: never;
            header?: {
                /** @description With it, the request is carried out once; while the first is under way, the answer is 409. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProxyCall"];
            };
        };
        responses: {
            /** @description What the tool answered, as MCP has it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolResult"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used. `invalid_arguments`: The arguments do not fit the tool */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented. `session_invalid`: The session does not count */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role. `kill_switch`: An operator has stopped such calls. `target_changed`: The definition of the tool changed and waits for a person. `denied`: Policy denies the call. `approval_denied`: A person said no. `approval_expired`: Nobody answered in time. `budget_exhausted`: The budget does not allow the call. `not_confirmed`: The user of the caller did not confirm the call. `result_blocked`: The result may not go back */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unknown_target`: There is no such tool for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_lost`: The answer to the first request with this Idempotency-Key is gone */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The Idempotency-Key belongs to another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused. `rate_limited`: Too many calls. `concurrency_limited`: Too many calls at once. `repeated_call`: The same call too often */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `credential_unavailable`: The credential for the upstream is not to be had. `upstream_unavailable`: The upstream cannot be reached */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `approval_unavailable`: Nobody can be asked. `audit_unavailable`: The call could not be recorded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_timeout`: The upstream did not answer in time */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTools: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tools of all upstreams that the caller may use. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProxyTools"];
                };
            };
            /** @description `invalid_query`: The query cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented. `session_invalid`: The session does not count */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role. `kill_switch`: An operator has stopped such calls */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `audit_unavailable`: The call could not be recorded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    authorizePayment: {
        parameters: {
            query?: never;
            header?: {
                /** @description With it, the request is carried out once; while the first is under way, the answer is 409. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Payment"];
            };
        };
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentAuthorization"];
                };
            };
            /** @description `invalid_query`: The query cannot be used. `invalid_body`: The body cannot be used */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_authenticated`: No valid credential was presented. `session_invalid`: The session does not count */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope_missing`: The credential, or the session, is narrowed to other things. `role_missing`: The credential lacks a role. `kill_switch`: An operator has stopped such calls. `denied`: Policy denies the call. `budget_exhausted`: The budget does not allow the call */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_lost`: The answer to the first request with this Idempotency-Key is gone */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_mismatch`: The Idempotency-Key belongs to another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_failures`: Too many credentials were refused */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `audit_unavailable`: The call could not be recorded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
