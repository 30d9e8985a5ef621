namespace Podsharp.Engine.State;

/// <summary>The tables. Within a major version: only additions, each with a default that older binaries can live with.</summary>
internal static class StateSchema
{
    /// <summary>Columns that tables got after their first version: table, column, declaration.</summary>
    public static IReadOnlyList<(string Table, string Column, string Declaration)> Additions { get; } =
    [
        ("containers", "next_start", "INTEGER"),
        ("containers", "restart_delay", "INTEGER"),
        ("containers", "revision", "INTEGER NOT NULL DEFAULT 0"),
        ("containers", "checkpointed", "INTEGER"),
        ("containers", "restored", "INTEGER"),
        ("volumes", "options", "TEXT NOT NULL DEFAULT '{}'"),
        ("volumes", "layer", "TEXT NOT NULL DEFAULT ''"),
    ];

    /// <summary>Creates the indexes that are missing, on columns that were there from the beginning or were added.</summary>
    public const string Indexes = """
        CREATE INDEX IF NOT EXISTS containers_waiting ON containers(next_start) WHERE next_start IS NOT NULL;
        CREATE INDEX IF NOT EXISTS health_due ON health(next_check) WHERE next_check IS NOT NULL;
        """;

    /// <summary>Creates what is missing.</summary>
    public const string Sql = """
        CREATE TABLE IF NOT EXISTS containers (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            created INTEGER NOT NULL,           -- ns since 1970
            executable TEXT NOT NULL DEFAULT '',-- hash of the installed executable that its exit command names
            state INTEGER NOT NULL,             -- ContainerState
            intent TEXT,                        -- the step begun and not ended: one of those in Intent
            boot TEXT NOT NULL DEFAULT '',      -- boot id under which the run state below was true
            pid INTEGER NOT NULL DEFAULT 0,
            pid_start INTEGER NOT NULL DEFAULT 0,
            conmon_pid INTEGER NOT NULL DEFAULT 0,
            conmon_start INTEGER NOT NULL DEFAULT 0,
            started INTEGER,
            finished INTEGER,
            exit_code INTEGER,
            oom INTEGER NOT NULL DEFAULT 0,
            error TEXT NOT NULL DEFAULT '',
            stopped_by_user INTEGER NOT NULL DEFAULT 0,
            restart_count INTEGER NOT NULL DEFAULT 0,
            next_start INTEGER,                 -- ns since 1970: when the restart policy starts it; NULL unless that is due
            restart_delay INTEGER,              -- ms: the pause before that
            revision INTEGER NOT NULL DEFAULT 0,-- of the configuration
            checkpointed INTEGER,               -- ns since 1970: its last run ended so; NULL otherwise
            restored INTEGER,                   -- ns since 1970: its last run began so; NULL otherwise
            -- The long ones last: a list doesn't read them, and so not the pages that they overflow to.
            run TEXT,                           -- ContainerRun: namespaces, network, mounts of this run
            config TEXT NOT NULL                -- ContainerConfig
        );
        CREATE TABLE IF NOT EXISTS health (
            container TEXT PRIMARY KEY,         -- one with a health check that was started
            status INTEGER NOT NULL,            -- HealthStatus
            failing_streak INTEGER NOT NULL DEFAULT 0,
            next_check INTEGER,                 -- ns since 1970: when the helper checks it; NULL where it doesn't
            startup_passed INTEGER NOT NULL DEFAULT 0,
            startup_successes INTEGER NOT NULL DEFAULT 0,
            startup_failures INTEGER NOT NULL DEFAULT 0,
            restart_wanted INTEGER NOT NULL DEFAULT 0
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS dependencies (
            container TEXT NOT NULL,            -- is started after
            required TEXT NOT NULL,             -- this one, which can't be removed before it
            PRIMARY KEY (required, container)
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS exec_sessions (
            id TEXT PRIMARY KEY,
            container TEXT NOT NULL REFERENCES containers(id) ON DELETE CASCADE,
            spec TEXT NOT NULL,
            state INTEGER NOT NULL,             -- 0 created, 1 running, 2 ended
            pid INTEGER NOT NULL DEFAULT 0,
            pid_start INTEGER NOT NULL DEFAULT 0,
            exit_code INTEGER,
            boot TEXT NOT NULL DEFAULT ''
        ) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS exec_by_container ON exec_sessions(container);
        CREATE TABLE IF NOT EXISTS pods (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            created INTEGER NOT NULL,           -- ns since 1970
            intent TEXT,                        -- the step begun and not ended: create or remove
            config TEXT NOT NULL                -- PodConfig
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS pod_members (
            container TEXT PRIMARY KEY,
            pod TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS pod_members_by_pod ON pod_members(pod);
        CREATE TABLE IF NOT EXISTS volumes (
            name TEXT PRIMARY KEY,
            driver TEXT NOT NULL DEFAULT 'local',
            created INTEGER NOT NULL,
            anonymous INTEGER NOT NULL DEFAULT 0,
            labels TEXT NOT NULL DEFAULT '{}',
            needs_copy_up INTEGER NOT NULL DEFAULT 1,
            options TEXT NOT NULL DEFAULT '{}', -- of the driver
            layer TEXT NOT NULL DEFAULT ''      -- driver image: the store's record with its read-write layer
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS volume_mounts (
            volume TEXT NOT NULL,               -- mounted, or about to be, as its driver has it
            holder TEXT NOT NULL,               -- a container's id; empty: people, who mount it by name
            count INTEGER NOT NULL,
            boot TEXT NOT NULL,                 -- boot id under which that was true
            PRIMARY KEY (volume, holder)
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS volume_owners (
            volume TEXT PRIMARY KEY,            -- its directory keeps the owner it has; others get one at each mount
            uid INTEGER,                        -- as given at the creation
            gid INTEGER
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS volume_users (
            volume TEXT NOT NULL,
            container TEXT NOT NULL,
            PRIMARY KEY (volume, container)
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS addresses (
            network TEXT NOT NULL,
            address TEXT NOT NULL,
            container TEXT NOT NULL,
            PRIMARY KEY (network, address)
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS address_cursors (
            network TEXT NOT NULL,
            subnet TEXT NOT NULL,
            last TEXT NOT NULL,
            PRIMARY KEY (network, subnet)
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS exit_codes (
            container TEXT PRIMARY KEY,         -- outlives the container's row for those who wait for it
            code INTEGER NOT NULL,
            time INTEGER NOT NULL               -- ns since 1970; old ones are pruned
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS executables (
            path TEXT PRIMARY KEY,              -- the source, with size and mtime a cache key for its hash
            size INTEGER NOT NULL,
            mtime INTEGER NOT NULL,
            hash TEXT NOT NULL
        ) WITHOUT ROWID;
        """;
}
