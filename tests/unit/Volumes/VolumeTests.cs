using Podsharp.Engine.Configuration;
using Podsharp.Engine.Events;
using Podsharp.Engine.Host;
using Podsharp.Engine.Native;
using Podsharp.Engine.Runtime;
using Podsharp.Engine.State;
using Podsharp.Engine.Storage;
using Podsharp.Engine.Volumes;
using Podsharp.Model;

namespace Podsharp.UnitTests.Volumes;

public sealed class VolumeTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("podsharp-test-").FullName;
    private readonly StateDatabase database;
    private readonly VolumeStore volumes;
    private readonly MountPlanner planner;
    private readonly VolumeMaker maker;
    private readonly List<ContainerMount> configured = [];

    public VolumeTests()
    {
        var paths = EnginePaths.Create(new EngineOptions(), directory + "/graph", directory + "/run", false, null);
        database = new StateDatabase(paths.StateDirectory);
        volumes = new VolumeStore(database, paths, new EventFile(paths.EventLog));
        var mounts = new VolumeMounts(database, volumes, NoStore, _ => NoStore(), ConfigurationEnvironment.OfThisProcess(0, false), "boot");
        planner = new MountPlanner(volumes, mounts, new OverlayMounts(NoStore, () => throw new InvalidOperationException("no images here"), inUserNamespace: false), new Podsharp.Engine.Artifacts.ArtifactMounts(() => throw new InvalidOperationException("no artifacts here")), new OwnerView(inUserNamespace: false), () => configured);
        maker = new VolumeMaker(volumes, NoStore, () => throw new InvalidOperationException("no images here"));
        Directory.CreateDirectory(directory + "/root/data/sub");
        File.WriteAllText(directory + "/root/data/sub/f", "content");
        File.CreateSymbolicLink(directory + "/root/data/link", "/etc/passwd");
        File.CreateSymbolicLink(directory + "/root/out", directory);
        File.SetUnixFileMode(directory + "/root/data", (UnixFileMode)0x1E8);
        File.SetLastWriteTimeUtc(directory + "/root/data/sub", DateTime.UnixEpoch.AddDays(1));
    }

    private static ContainerStorage NoStore() => throw new InvalidOperationException("there is no store here");

    private ContainerConfig Config(ContainerSpec spec, ImageConfig? image = null) => new()
    {
        Id = new string('c', 64), Name = "c", Spec = spec, Mounts = planner.Plan(spec, image ?? new ImageConfig(), _ => []),
    };

    private static ContainerSpec Spec(params ContainerMount[] mounts) => new() { Mounts = mounts };

    private IReadOnlyList<ResolvedMount> Start(ContainerConfig config)
    {
        volumes.Claim(config.Id, config.Mounts);
        return planner.Prepare(config, directory + "/root");
    }

    [Fact]
    public void Volumes_are_made_listed_and_removed()
    {
        var made = maker.Create(new() { Name = "data", Labels = new Dictionary<string, string> { ["a"] = "b" } });
        Assert.True(Directory.Exists(made.MountPoint));
        Assert.EndsWith("/data/_data", made.MountPoint);
        Assert.Equal("b", Assert.Single(volumes.List()).Labels["a"]);
        Assert.Equal(ErrorKind.NameInUse, Assert.Throws<ContainerEngineException>(() => maker.Create(new() { Name = "data" })).Kind);
        File.WriteAllText(made.MountPoint + "/x", "");
        volumes.Remove("data");
        Assert.Empty(volumes.List());
        Assert.False(Directory.Exists(Path.GetDirectoryName(made.MountPoint)));
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<ContainerEngineException>(() => volumes.Remove("data")).Kind);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("../x")]
    [InlineData(".hidden")]
    [InlineData("a b")]
    public void Bad_names_are_refused(string name) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => maker.Create(new() { Name = name })).Kind);

    [Fact]
    public void A_new_volume_takes_what_the_image_has()
    {
        var mount = Assert.Single(Start(Config(Spec(new ContainerMount { Type = MountType.Volume, Source = "v", Target = "/data" }))));
        Assert.Equal("content", File.ReadAllText(mount.Source + "/sub/f"));
        Assert.Equal("/etc/passwd", new FileInfo(mount.Source + "/link").LinkTarget);
        Assert.Equal((UnixFileMode)0x1E8, File.GetUnixFileMode(mount.Source));
        Assert.Equal(DateTime.UnixEpoch.AddDays(1), Directory.GetLastWriteTimeUtc(mount.Source + "/sub"));
        Assert.Equal(["rbind", "rw", "rprivate", "nosuid", "nodev"], mount.Options.Where(o => o != "noexec"));
        // Only at its first mount, and only into an empty one.
        Directory.Delete(mount.Source + "/sub", true);
        File.Delete(mount.Source + "/link");
        planner.Prepare(Config(Spec(new ContainerMount { Type = MountType.Volume, Source = "v", Target = "/data" })), directory + "/root");
        Assert.Empty(Directory.GetFileSystemEntries(mount.Source));
    }

    [Fact]
    public void Copies_keep_links_fifos_attributes_and_modes()
    {
        var data = directory + "/root/data";
        Files.TryMakeLink(Files.Absolute, data + "/sub/f", Files.Absolute, data + "/hard");
        Files.TryMakeNode(Files.Absolute, data + "/fifo", ModeBits.Fifo | 0x1A4);
        File.SetUnixFileMode(data + "/sub/f", (UnixFileMode)0x9ED); // 04755
        var attributes = Files.TrySetAttribute(Files.Absolute, data + "/sub/f", "user.test", "value"u8) == Errno.None;
        var copy = Start(Config(Spec(new ContainerMount { Type = MountType.Volume, Source = "v", Target = "/data" })))[0].Source;
        Assert.True(Files.TryStatus(copy + "/hard")!.Value.IsSameFile(Files.TryStatus(copy + "/sub/f")!.Value));
        Assert.Equal(ModeBits.Fifo, Files.TryStatus(copy + "/fifo")!.Value.Type);
        Assert.Equal((UnixFileMode)0x9ED, File.GetUnixFileMode(copy + "/hard"));
        if (attributes) Assert.Equal("value"u8.ToArray(), Files.TryGetAttribute(Files.Absolute, copy + "/hard", "user.test"));
    }

    [Fact]
    public void Nocopy_and_content_keep_the_image_out()
    {
        var none = Start(Config(Spec(new ContainerMount { Type = MountType.Volume, Source = "v", Target = "/data", Options = ["nocopy"] })))[0];
        Assert.Empty(Directory.GetFileSystemEntries(none.Source));
        File.WriteAllText(maker.Create(new() { Name = "w" }).MountPoint + "/mine", "");
        var own = Start(Config(Spec(new ContainerMount { Type = MountType.Volume, Source = "w", Target = "/data" })))[0];
        Assert.Equal("mine", Path.GetFileName(Assert.Single(Directory.GetFileSystemEntries(own.Source))));
    }

    [Fact]
    public void A_link_in_the_image_does_not_lead_to_the_host()
    {
        var mount = Start(Config(Spec(new ContainerMount { Type = MountType.Volume, Source = "v", Target = "/out" })))[0];
        Assert.Empty(Directory.GetFileSystemEntries(mount.Source));
    }

    [Fact]
    public void Anonymous_volumes_go_with_their_container()
    {
        var config = Config(Spec(new ContainerMount { Type = MountType.Volume, Target = "/a" }, new ContainerMount { Type = MountType.Volume, Source = "named", Target = "/n" }),
            new ImageConfig { Volumes = ["/data/", "/n"] });
        Assert.Equal(["/a", "/data", "/n"], config.Mounts.Select(m => m.Target).Order());
        Start(config);
        Assert.Equal([true, true, false], volumes.List().OrderByDescending(v => v.Anonymous).Select(v => v.Anonymous));
        var inUse = Assert.Throws<ContainerEngineException>(() => volumes.Remove("named"));
        Assert.Equal(ErrorKind.InUse, inUse.Kind);
        Assert.Contains("cccccccccccc", inUse.Message);
        volumes.ReleaseContainer(config.Id, removeAnonymous: true);
        Assert.Equal("named", Assert.Single(volumes.List()).Name);
        volumes.ReleaseContainer(config.Id, removeAnonymous: true);
        volumes.Remove("named");
        Assert.Empty(Directory.GetFileSystemEntries(directory + "/graph/podsharp/volumes"));
    }

    [Fact]
    public void Volumes_whose_content_is_brought_are_all_made_or_none()
    {
        ContainerMount[] mounts = [new() { Type = MountType.Volume, Source = "a", Target = "/a" }, new() { Type = MountType.Volume, Source = "b", Target = "/b" }, new() { Type = MountType.Volume, Source = "a", Target = "/again" }];
        maker.Create(new() { Name = "b" });
        Assert.Equal(ErrorKind.NameInUse, Assert.Throws<ContainerEngineException>(() => volumes.ClaimNew("one", mounts)).Kind);
        Assert.Equal("b", Assert.Single(volumes.List()).Name);
        volumes.ReleaseContainer("one", removeAnonymous: true, removeNamed: true);
        volumes.Remove("b");
        // Content that a volume of that name would take over.
        Directory.CreateDirectory(directory + "/graph/podsharp/volumes/a/_data");
        Assert.Throws<ContainerEngineException>(() => volumes.ClaimNew("one", mounts));
        Assert.Empty(volumes.List());
        Directory.Delete(directory + "/graph/podsharp/volumes/a", recursive: true);
        volumes.ClaimNew("one", mounts);
        Assert.Equal(["a", "b"], volumes.List().Select(volume => volume.Name));
        Assert.All(volumes.List(), volume => Assert.False(volume.NeedsCopyUp || volume.NeedsOwner));
        // Another container has come to use one.
        volumes.Claim("two", [mounts[1]]);
        volumes.ReleaseContainer("one", removeAnonymous: true, removeNamed: true);
        Assert.Equal("b", Assert.Single(volumes.List()).Name);
        Assert.Equal(["two"], volumes.UsersOf("b"));
    }

    [Fact]
    public void Image_volumes_follow_the_mode()
    {
        var image = new ImageConfig { Volumes = ["/data"] };
        Assert.Empty(planner.Plan(new ContainerSpec { ImageVolumes = "ignore" }, image, _ => []));
        Assert.Equal(MountType.Tmpfs, Assert.Single(planner.Plan(new ContainerSpec { ImageVolumes = "tmpfs" }, image, _ => [])).Type);
        Assert.Throws<ContainerEngineException>(() => planner.Plan(new ContainerSpec { ImageVolumes = "x" }, image, _ => []));
    }

    [Fact]
    public void Mounts_are_sorted_and_have_podmans_defaults()
    {
        var mounts = Start(Config(Spec(
            new ContainerMount { Type = MountType.Tmpfs, Target = "/a/b/c", Options = ["size=64m", "noexec", "dev"] },
            new ContainerMount { Type = MountType.Bind, Source = directory + "/./root/", Target = "/a/../a/b", Options = ["readonly", "z", "slave"] })));
        Assert.Equal(["/a/b", "/a/b/c"], mounts.Select(m => m.Target));
        Assert.Equal(["ro", "slave", "rbind"], mounts[0].Options.Where(o => o is not ("nosuid" or "nodev" or "noexec")));
        Assert.Equal(["size=64m", "noexec", "dev", "rw", "rprivate", "nosuid", "tmpcopyup"], mounts[1].Options);
    }

    [Fact]
    public void Mounts_of_the_configuration_give_way()
    {
        configured.AddRange([new() { Type = MountType.Tmpfs, Target = "/a/../b" }, new() { Type = MountType.Tmpfs, Target = "/c", Options = ["size=1m"] }]);
        var plan = Config(Spec(new ContainerMount { Type = MountType.Bind, Source = directory + "/root", Target = "/b" })).Mounts;
        Assert.Equal([(MountType.Bind, "/b"), (MountType.Tmpfs, "/c")], plan.Select(mount => (mount.Type, mount.Target)));
    }

    [Fact]
    public void Volumes_are_made_as_their_first_mount_says()
    {
        Start(Config(Spec(new ContainerMount { Type = MountType.Volume, Source = "said", Target = "/x", Options = ["volume-label=a=b", "volume-label=c", "volume-opt=o=uid=5,gid=6"] })));
        var made = volumes.Get("said");
        Assert.Equal([("a", "b"), ("c", "")], made.Labels.Select(label => (label.Key, label.Value)).Order());
        Assert.Equal("5", made.Options["UID"]);
        Start(Config(Spec(new ContainerMount { Type = MountType.Volume, Source = "said", Target = "/x", Options = ["volume-label=d"] })));
        Assert.Equal(2, volumes.Get("said").Labels.Count);
    }

    // Without quotas: a file system has them only where it is mounted for that.
    [Fact]
    public void Limits_need_project_quotas()
    {
        var refused = Assert.Throws<ContainerEngineException>(() => maker.Create(new() { Name = "limited", Options = new Dictionary<string, string> { ["o"] = "size=10M" } }));
        Assert.Equal(ErrorKind.Unsupported, refused.Kind);
        Assert.Empty(volumes.List());
    }

    [Theory]
    [InlineData("volume-opt=nonsense=1")]
    [InlineData("volume-opt=o")]
    [InlineData("volume-driver=nonsense")]
    [InlineData("idmap=")]
    [InlineData("idmap=uids=1-2")]
    [InlineData("idmap=uids=1-2-0")]
    [InlineData("idmap=uids=1-2-3#")]
    [InlineData("idmap=users=1-2-3")]
    public void Bad_options(string option) =>
        Assert.Throws<ContainerEngineException>(() => Config(Spec(new ContainerMount { Type = MountType.Volume, Source = "v", Target = "/x", Options = [option] })));

    [Fact]
    public void A_mounts_maps_are_read()
    {
        IReadOnlyList<IdMapping> users = [new(0, 1000, 10)], groups = [new(0, 2000, 10)];
        Assert.Equal((0, 0), Counts([], users, groups));
        Assert.Equal((1, 1), Counts(["ro", "idmap"], users, groups));
        var (uids, gids) = IdMapOption.Find(["idmap=uids=0-5-2#@7-3-1"], users, groups);
        Assert.Equal([new(0, 5, 2), new(7, 1003, 1)], uids);
        Assert.Equal(groups, gids);
        Assert.Throws<ContainerEngineException>(() => IdMapOption.Find(["idmap=uids=@0-10-1"], users, groups));
        Assert.Throws<ContainerEngineException>(() => IdMapOption.Find(["idmap=gids=@0-0-1"], [], []));

        static (int, int) Counts(IReadOnlyList<string> options, IReadOnlyList<IdMapping> users, IReadOnlyList<IdMapping> groups)
        {
            var (uids, gids) = IdMapOption.Find(options, users, groups);
            return (uids.Count, gids.Count);
        }
    }

    [Theory]
    [InlineData("/", "")]
    [InlineData("relative", "")]
    [InlineData("/x", "nonsense")]
    [InlineData("/x", "ro,rw")]
    [InlineData("/x", "shared,private")]
    [InlineData("/x", "size=3")]
    public void Bad_mounts_are_refused(string target, string options) => Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() =>
        planner.Plan(Spec(new ContainerMount { Type = MountType.Bind, Source = "/tmp", Target = target, Options = options.Split(',', StringSplitOptions.RemoveEmptyEntries) }), new ImageConfig(), _ => [])).Kind);

    [Fact]
    public void Missing_sources_and_double_targets_are_refused()
    {
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<ContainerEngineException>(() =>
            planner.Plan(Spec(new ContainerMount { Type = MountType.Bind, Source = "/no/such", Target = "/x" }), new ImageConfig(), _ => [])).Kind);
        Assert.Contains("duplicate", Assert.Throws<ContainerEngineException>(() => planner.Plan(Spec(
            new ContainerMount { Type = MountType.Tmpfs, Target = "/x" }, new ContainerMount { Type = MountType.Tmpfs, Target = "/x/" }), new ImageConfig(), _ => [])).Message);
    }

    [Fact]
    public void Subpaths_stay_inside()
    {
        var data = maker.Create(new() { Name = "v" }).MountPoint;
        Directory.CreateDirectory(data + "/in/side");
        File.CreateSymbolicLink(data + "/esc", "/etc");
        ContainerConfig With(string path) => Config(Spec(new ContainerMount { Type = MountType.Volume, Source = "v", Target = "/x", SubPath = path }));
        Assert.Equal(data + "/in/side", Start(With("in/side"))[0].Source);
        Assert.Throws<ContainerEngineException>(() => Start(With("esc")));
        Assert.Throws<ContainerEngineException>(() => Start(With("../..")));
    }

    [Fact]
    public void Mounts_come_from_other_containers()
    {
        ContainerMount[] theirs =
        [
            new() { Type = MountType.Volume, Source = "v", Target = "/v", Options = ["ro"] }, new() { Type = MountType.Bind, Source = "/tmp", Target = "/b" },
            new() { Type = MountType.Tmpfs, Target = "/t" }, new() { Type = MountType.Volume, Source = "w", Target = "/mine" },
        ];
        IReadOnlyList<ContainerMount> Plan(params string[] from) => planner.Plan(
            Spec(new ContainerMount { Type = MountType.Tmpfs, Target = "/mine" }) with { VolumesFrom = from }, new ImageConfig { Volumes = ["/v", "/image"] },
            name => name == "other" ? theirs : [new() { Type = MountType.Volume, Source = "x", Target = "/b" }]);
        Assert.Equal(["/mine  Tmpfs", "/v v:ro Volume", "/b /tmp Bind", "/image * Volume"], Plan("other").Select(Show));
        Assert.Equal(["/mine  Tmpfs", "/v v:ro Volume", "/b x Volume", "/image * Volume"], Plan("other", "second").Select(Show));
        Assert.Equal(["/mine  Tmpfs", "/v v:rw,z Volume", "/b /tmp:rw,z Bind", "/image * Volume"], Plan("other:rw,z").Select(Show));
        foreach (var bad in (string[])["other:nosuid", "other:ro,rw", "other:z,z", "other:"])
            Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => Plan(bad)).Kind);
        static string Show(ContainerMount mount) =>
            $"{mount.Target} {(mount.Source.Length == 64 ? "*" : mount.Source)}{(mount.Options.Count > 0 ? ":" : "")}{string.Join(',', mount.Options)} {mount.Type}";
    }

    [Fact]
    public void An_empty_volume_is_filled_by_the_first_image_that_has_something()
    {
        var first = Start(Config(Spec(new ContainerMount { Type = MountType.Volume, Source = "v", Target = "/nothing" })))[0];
        Assert.Empty(Directory.GetFileSystemEntries(first.Source));
        Assert.NotEmpty(Directory.GetFileSystemEntries(Start(Config(Spec(new ContainerMount { Type = MountType.Volume, Source = "v", Target = "/data" })))[0].Source));
    }

    [Fact]
    public void An_owner_of_its_own_stays()
    {
        var made = maker.Create(new() { Name = "v", UserId = 55 });
        Assert.Equal((55u, null), (made.UserId, made.GroupId));
        var mount = Start(Config(Spec(new ContainerMount { Type = MountType.Volume, Source = "v", Target = "/data" })))[0];
        Assert.NotEmpty(Directory.GetFileSystemEntries(mount.Source));
        Assert.Equal((55u, 0u, 0x1EDu), Files.TryStatus(mount.Source) is { } status ? (status.UserId, status.GroupId, status.Mode & ModeBits.PermissionMask) : default);
    }

    [Fact]
    public void A_killed_copy_is_begun_anew()
    {
        maker.Create(new() { Name = "v" });
        Directory.CreateDirectory(volumes.DataPath("v") + "-copy/half");
        var mount = Start(Config(Spec(new ContainerMount { Type = MountType.Volume, Source = "v", Target = "/data" })))[0];
        Assert.Equal(["link", "sub"], Directory.GetFileSystemEntries(mount.Source).Select(Path.GetFileName).Order());
    }

    public void Dispose()
    {
        database.Dispose();
        Directory.Delete(directory, recursive: true);
    }
}
