using Podsharp.Engine.State;
using Podsharp.Model;
using Xunit;

namespace Podsharp.UnitTests.State;

public sealed class StateDatabaseTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("podsharp-state-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void RoundTripsARecord()
    {
        using var database = new StateDatabase(_directory);
        var record = Record("a", "web") with
        {
            State = ContainerState.Running, Pid = 42, PidStart = 4711, ExitCode = 3, Started = DateTimeOffset.UnixEpoch.AddTicks(12345),
            Run = new ContainerRun { RootPath = "/merged", NetworkRequest = "{}" },
        };
        database.Write(Durability.Power, (connection, transaction) => ContainerTable.Insert(connection, transaction, record));

        var found = database.Read(connection => ContainerTable.Find(connection, record.Id))!;

        Assert.Equal((record.State, record.Pid, record.PidStart, record.ExitCode, record.Started), (found.State, found.Pid, found.PidStart, found.ExitCode, found.Started));
        Assert.Equal("/merged", found.Run!.RootPath);
        Assert.Equal(record.Config.Spec.Ulimits, found.Config.Spec.Ulimits);
        Assert.False(found.Config.Spec.ReadOnlyTmpfs); // not its default: must survive
        Assert.Equal(new[] { new PortMapping { HostPort = 8080, ContainerPort = 80 } }, found.Config.Ports);
    }

    [Fact]
    public void RefusesATakenNameAndTellsByWhom()
    {
        using var database = new StateDatabase(_directory);
        database.Write(Durability.Boot, (connection, transaction) => ContainerTable.Insert(connection, transaction, Record("a", "web")));

        var error = Assert.Throws<ContainerEngineException>(() =>
            database.Write(Durability.Boot, (connection, transaction) => ContainerTable.Insert(connection, transaction, Record("b", "web"))));

        Assert.Equal(ErrorKind.NameInUse, error.Kind);
        Assert.Contains(Record("a", "web").Id, error.Message);
    }

    [Theory]
    [InlineData("web", "a")]
    [InlineData("ab", "b")]
    [InlineData("aba", "b")]
    [InlineData("a1", "a")] // a name wins over the prefix of another's id
    public void ResolvesNamesBeforePrefixes(string text, string expected)
    {
        using var database = new StateDatabase(_directory);
        var records = new Dictionary<string, ContainerRecord>
        {
            ["a"] = Record("ff", text == "a1" ? "a1" : "web"),
            ["b"] = Record("aba", "db"),
            ["c"] = Record("a1c", "cache"),
        };
        foreach (var record in records.Values)
            database.Write(Durability.Boot, (connection, transaction) => ContainerTable.Insert(connection, transaction, record));

        Assert.Equal(records[expected].Id, database.Read(connection => ContainerTable.Resolve(connection, text)));
    }

    [Fact]
    public void AnAmbiguousPrefixIsAnError()
    {
        using var database = new StateDatabase(_directory);
        foreach (var id in (string[])["abc1", "abc2"])
            database.Write(Durability.Boot, (connection, transaction) => ContainerTable.Insert(connection, transaction, Record(id, "n" + id)));

        Assert.Equal(ErrorKind.Ambiguous, Assert.Throws<ContainerEngineException>(() => database.Read(c => ContainerTable.Resolve(c, "abc"))).Kind);
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<ContainerEngineException>(() => database.Read(c => ContainerTable.Resolve(c, "abd"))).Kind);
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<ContainerEngineException>(() => database.Read(c => ContainerTable.Resolve(c, ""))).Kind);
    }

    [Fact]
    public void ManyWritersLoseNothing()
    {
        const int Writers = 8, Rows = 25;
        Parallel.For(0, Writers, writer =>
        {
            // A database object each, as processes have.
            using var database = new StateDatabase(_directory);
            for (var row = 0; row < Rows; row++)
            {
                var name = $"w{writer}-{row}";
                database.Write(Durability.Boot, (connection, transaction) => ContainerTable.Insert(connection, transaction, Record($"{writer:x2}{row:x4}f", name)));
            }
        });

        using var reader = new StateDatabase(_directory);
        Assert.Equal(Writers * Rows, reader.Read(connection => ContainerTable.List(connection, new Dictionary<string, ContainerRecord>())).Count);
    }

    [Fact]
    public void AFailedTransactionLeavesNothing()
    {
        using var database = new StateDatabase(_directory);
        Assert.Throws<InvalidOperationException>(() => database.Write(Durability.Boot, (connection, transaction) =>
        {
            ContainerTable.Insert(connection, transaction, Record("a", "web"));
            throw new InvalidOperationException();
        }));
        Assert.Null(database.Read(connection => ContainerTable.Find(connection, Record("a", "web").Id)));
    }

    [Fact]
    public void RefusesANewerMajorSchemaInOneSentence()
    {
        using (var database = new StateDatabase(_directory))
            database.Write(Durability.Boot, (connection, _) =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = "PRAGMA user_version=2001";
                command.ExecuteNonQuery();
            });
        using var older = new StateDatabase(_directory);
        Assert.Equal("StateTooNew", Assert.Throws<ContainerEngineException>(() => older.Read(_ => 0)).ErrorId);
    }

    [Fact]
    public void WorksOnANewerMinorSchema()
    {
        using (var database = new StateDatabase(_directory))
        {
            database.Write(Durability.Boot, (connection, transaction) =>
            {
                ContainerTable.Insert(connection, transaction, Record("a", "web"));
                using var command = connection.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = "ALTER TABLE containers ADD COLUMN future TEXT NOT NULL DEFAULT 'x'; PRAGMA user_version=1999";
                command.ExecuteNonQuery();
            });
        }
        using var older = new StateDatabase(_directory);
        older.Write(Durability.Boot, (connection, transaction) => ContainerTable.Insert(connection, transaction, Record("b", "db")));
        Assert.Equal(2, older.Read(connection => ContainerTable.List(connection, new Dictionary<string, ContainerRecord>())).Count);
    }

    [Fact]
    public void GivesAnOlderSchemaWhatItLacks()
    {
        using (var database = new StateDatabase(_directory))
        {
            database.Write(Durability.Boot, (connection, transaction) =>
            {
                ContainerTable.Insert(connection, transaction, Record("a", "web"));
                using var command = connection.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = "DROP INDEX containers_waiting;" + string.Join(';', StateSchema.Additions.Select(addition => $"ALTER TABLE {addition.Table} DROP COLUMN {addition.Column}"))
                    + ";PRAGMA user_version=1001";
                command.ExecuteNonQuery();
            });
        }
        using var newer = new StateDatabase(_directory);
        var record = newer.Read(connection => ContainerTable.Find(connection, Record("a", "web").Id))!;
        Assert.Equal((null, null, 0), (record.NextStart, record.RestartDelay, record.Revision));
    }

    [Fact]
    public void ListsWhatWaitsForItsStartSoonestFirst()
    {
        using var database = new StateDatabase(_directory);
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var later = Record("a", "later") with { NextStart = now.AddSeconds(1), RestartDelay = TimeSpan.FromSeconds(0.2) };
        database.Write(Durability.Boot, (connection, transaction) =>
        {
            foreach (var record in new[] { later, Record("b", "never"), Record("c", "sooner") with { NextStart = now } })
                ContainerTable.Insert(connection, transaction, record);
        });
        var check = new HealthRecord { NextCheck = now.AddSeconds(0.5) };
        database.Write(Durability.Boot, (connection, transaction) =>
        {
            HealthTable.Put(connection, transaction, Record("b", "").Id, check);
            HealthTable.Put(connection, transaction, later.Id, check with { NextCheck = now.AddSeconds(2) });
        });
        Assert.Equal([new(Record("c", "").Id, now, false), new(Record("b", "").Id, now.AddSeconds(0.5), true), new(later.Id, now.AddSeconds(1), false)],
            database.Read(connection => ContainerTable.Waiting(connection, checks: 1)));
        Assert.Equal(check, database.Read(HealthTable.List)[Record("b", "").Id]);
        Assert.Equal(later.RestartDelay, database.Read(connection => ContainerTable.Find(connection, later.Id))!.RestartDelay);
    }

    [Fact]
    public void AListReadsAChangedConfigurationAnew()
    {
        using var database = new StateDatabase(_directory);
        var record = Record("a", "web");
        database.Write(Durability.Boot, (connection, transaction) => ContainerTable.Insert(connection, transaction, record));
        var known = new Dictionary<string, ContainerRecord> { [record.Id] = record };
        Assert.Same(record.Config, Assert.Single(database.Read(connection => ContainerTable.List(connection, known))).Config);
        var changed = record with { Revision = 1, Config = record.Config with { Spec = record.Config.Spec with { RestartPolicy = RestartPolicy.Parse("always") } } };
        database.Write(Durability.Boot, (connection, transaction) =>
        {
            ContainerTable.Update(connection, transaction, changed);
            ContainerTable.UpdateConfig(connection, transaction, changed.Config);
        });
        Assert.Equal("always", Assert.Single(database.Read(connection => ContainerTable.List(connection, known))).Config.Spec.RestartPolicy.Name);
    }

    [Fact]
    public void ExitCodesOutliveTheirContainer()
    {
        using var database = new StateDatabase(_directory);
        var record = Record("a", "web");
        database.Write(Durability.Boot, (connection, transaction) =>
        {
            ContainerTable.Insert(connection, transaction, record);
            ExitCodeTable.Record(connection, transaction, record.Id, 137);
            ContainerTable.Delete(connection, transaction, record.Id);
        });
        Assert.Equal(137, database.Read(connection => ExitCodeTable.Find(connection, record.Id)));
    }

    private static ContainerRecord Record(string id, string name) => new()
    {
        Name = name,
        Created = DateTimeOffset.UtcNow,
        State = ContainerState.Created,
        Config = new()
        {
            Id = id.PadRight(64, '0'),
            Name = name,
            Spec = new() { Image = "busybox", ReadOnlyTmpfs = false, Ulimits = [new("nofile", 100, 200)] },
            Ports = [new() { HostPort = 8080, ContainerPort = 80 }],
        },
    };
}
