using System.Text;
using System.Text.Json;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.UnitTests.Storage;

public sealed class ContainerStorageTests
{
    [Fact]
    public void Looking_makes_nothing()
    {
        using var fixture = new StorageFixture();
        Assert.Empty(fixture.Store.ListImages());
        Assert.Empty(fixture.Store.ListContainers());
        Assert.Null(fixture.Store.FindImage("localhost/none:latest"));
        Assert.False(System.IO.Directory.Exists(fixture.Configuration.GraphRoot));
    }

    [Fact]
    public void Images_are_found_by_name_id_and_prefix()
    {
        using var fixture = new StorageFixture();
        var layer = fixture.AddLayer(new TarBuilder().File("f", "x").Build());
        var id = fixture.AddImage("localhost/a:latest", layer);
        Assert.Equal(id, fixture.Store.FindImage("localhost/a:latest")!.Id);
        Assert.Equal(id, fixture.Store.FindImage(id[..6])!.Id);
        Assert.Equal(id, fixture.Store.FindImage("sha256:" + id)!.Id);
        Assert.Null(fixture.Store.FindImage("localhost/b:latest"));
        Assert.Equal(fixture.Store.ReadImageData(id, "manifest"), fixture.Store.ReadImageData(id, "sha256:" + id));
    }

    [Fact]
    public void A_name_moves_in_one_write_and_stays_in_the_history()
    {
        using var fixture = new StorageFixture();
        var first = fixture.AddImage("localhost/a:latest", null);
        var second = fixture.AddImage("localhost/b:latest", null);
        fixture.Store.SetImageNames(second, ["localhost/a:latest"], ["localhost/b:latest"]);
        Assert.Empty(fixture.Store.FindImage(first)!.Names);
        Assert.Equal(["localhost/a:latest"], fixture.Store.FindImage(second)!.Names);
        Assert.Equal(["localhost/a:latest", "localhost/b:latest"], fixture.Store.FindImage(second)!.NamesHistory);
        Assert.Equal(["localhost/a:latest"], fixture.Store.FindImage(first)!.NamesHistory);
    }

    [Fact]
    public void Layers_go_with_their_last_image()
    {
        using var fixture = new StorageFixture();
        var shared = fixture.AddLayer(new TarBuilder().File("f", "x").Build());
        var top = fixture.AddLayer(new TarBuilder().File("g", "y").Build(), shared);
        var one = fixture.AddImage("localhost/one:latest", shared);
        var two = fixture.AddImage("localhost/two:latest", top);
        Assert.Equal([top], fixture.Store.RemoveImage(two).RemovedLayerIds);
        Assert.NotNull(fixture.Store.FindLayer(shared));
        Assert.Equal([shared], fixture.Store.RemoveImage(one).RemovedLayerIds);
        Assert.Empty(fixture.Store.ListLayers());
        Assert.Empty(fixture.Store.FindLeftovers());
        Assert.Empty(System.IO.Directory.GetFileSystemEntries(fixture.Configuration.GraphRoot + "/overlay/l"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_container_protects_its_image(bool isVolatile)
    {
        using var fixture = new StorageFixture();
        var layer = fixture.AddLayer(new TarBuilder().File("f", "x").Build());
        var image = fixture.AddImage("localhost/a:latest", layer);
        var id = StorageFixture.NewId();
        fixture.Store.CreateContainer(new ContainerLayerRequest { Id = id, Name = "web", ImageId = image, MetadataJson = "{}", Volatile = isVolatile });
        Assert.Equal(isVolatile, fixture.Store.FindContainer(id)!.IsVolatile);
        Assert.Equal(ErrorKind.InUse, Assert.Throws<ContainerEngineException>(() => fixture.Store.RemoveImage(image)).Kind);
        var taken = new ContainerLayerRequest { Id = StorageFixture.NewId(), Name = "web", ImageId = image, MetadataJson = "{}" };
        Assert.Equal(ErrorKind.NameInUse, Assert.Throws<ContainerEngineException>(() => fixture.Store.CreateContainer(taken)).Kind);
        var record = fixture.Store.FindLayer(fixture.Store.FindContainer(id)!.LayerId)!;
        Assert.Equal($"l/{File.ReadAllText(fixture.Configuration.GraphRoot + "/overlay/" + layer + "/link")}", File.ReadAllText(record.DirectoryPath + "/lower"));
        Assert.Equal(layer, File.ReadAllText(record.DirectoryPath + "/lower-layers"));
        fixture.Store.RemoveContainer(id);
        fixture.Store.RemoveContainer(id);
        Assert.Equal([layer], fixture.Store.ListLayers().Select(l => l.Id));
        fixture.Store.RemoveImage(image);
        Assert.Empty(fixture.Store.FindLeftovers());
    }

    [Fact]
    public void Half_made_layers_and_stray_directories_are_rubbish()
    {
        using var fixture = new StorageFixture();
        var layer = fixture.AddLayer(new TarBuilder().File("f", "x").Build());
        var json = fixture.Configuration.GraphRoot + "/overlay-layers/layers.json";
        File.WriteAllText(json, File.ReadAllText(json).Replace("\"created\"", "\"flags\":{\"incomplete\":true},\"created\""));
        var stray = fixture.Configuration.GraphRoot + "/overlay/" + StorageFixture.NewId();
        System.IO.Directory.CreateDirectory(stray + "/diff");
        Assert.Null(fixture.Store.FindLayer(layer));
        Assert.NotEmpty(fixture.Store.FindLeftovers());
        fixture.AddImage("localhost/a:latest", null);
        Assert.False(System.IO.Directory.Exists(stray));
        Assert.False(System.IO.Directory.Exists(fixture.Diff(layer)));
        Assert.Empty(fixture.Store.FindLeftovers());
        Assert.Equal("[]", File.ReadAllText(json));
    }

    [Fact]
    public void A_layer_of_another_engine_may_wait_for_its_image()
    {
        using var fixture = new StorageFixture();
        var waiting = fixture.AddLayer(new TarBuilder().File("f", "x").Build());
        fixture.Store.RemoveImage(fixture.AddImage("localhost/a:latest", null));
        Assert.NotNull(fixture.Store.FindLayer(waiting));
    }

    [Fact]
    public void A_layer_that_was_removed_before_its_image_came_is_asked_for_again()
    {
        using var fixture = new StorageFixture();
        var tar = new TarBuilder().File("f", "x").Build();
        var bottom = fixture.AddLayer(tar);
        fixture.Store.RemoveImage(fixture.AddImage("localhost/a:latest", bottom));
        var error = Assert.Throws<ContainerEngineException>(() => fixture.AddImage("localhost/b:latest", bottom));
        Assert.Equal("LayerMissing", error.ErrorId);
        error = Assert.Throws<ContainerEngineException>(() => StorageFixture.Commit(fixture.Store, tar, StorageFixture.NewId(), bottom));
        Assert.Equal("LayerMissing", error.ErrorId);
        Assert.Empty(fixture.Store.ListLayers());
        Assert.Empty(fixture.Store.FindLeftovers());
    }

    [Fact]
    public void Images_that_come_and_go_in_two_stores_do_not_lose_the_layer_they_share()
    {
        using var fixture = new StorageFixture();
        var tar = new TarBuilder().File("f", "x").Build();
        var failures = new System.Collections.Concurrent.ConcurrentQueue<Exception>();
        var threads = Enumerable.Range(0, 3).Select(_ => new Thread(() =>
        {
            try
            {
                var store = ContainerStorage.Open(fixture.Configuration);
                for (var i = 0; i < 40; i++)
                {
                    var image = StorageFixture.Commit(store, tar, StorageFixture.NewId());
                    Assert.NotNull(store.FindLayer(image.TopLayerId!));
                    store.RemoveImage(image.Id);
                }
            }
            catch (Exception error)
            {
                failures.Enqueue(error);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Empty(failures);
        Assert.Empty(fixture.Store.ListLayers());
        Assert.Empty(fixture.Store.FindLeftovers());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_removal_that_was_cut_short_is_finished_or_forgotten(bool imageIsGone)
    {
        using var fixture = new StorageFixture();
        var bottom = fixture.AddLayer(new TarBuilder().File("f", "x").Build());
        var top = fixture.AddLayer(new TarBuilder().File("g", "x").Build(), bottom);
        fixture.AddImage("localhost/a:latest", top);
        var json = fixture.Configuration.GraphRoot + "/overlay-layers/layers.json";
        File.WriteAllText(json, File.ReadAllText(json).Replace("\"created\"", "\"flags\":{\"podsharp-condemned\":true},\"created\""));
        if (imageIsGone)
            File.WriteAllText(fixture.Configuration.GraphRoot + "/overlay-images/images.json", "[]");
        Assert.Equal(2, fixture.Store.ListLayers().Count);
        var other = fixture.AddLayer(new TarBuilder().File("other", "x").Build());
        Assert.Equal((imageIsGone ? [other] : new[] { bottom, top, other }).Order(), fixture.Store.ListLayers().Select(layer => layer.Id).Order());
        Assert.DoesNotContain("condemned", File.ReadAllText(json));
        Assert.All(fixture.Store.ListLayers(), layer => Assert.True(Directory.Exists(layer.DirectoryPath + "/diff")));
    }

    [Fact]
    public void Removing_an_image_clears_data_without_a_record()
    {
        using var fixture = new StorageFixture();
        var image = fixture.AddImage("localhost/a:latest", null);
        var stray = $"{fixture.Configuration.GraphRoot}/overlay-images/{StorageFixture.NewId()}";
        System.IO.Directory.CreateDirectory(stray);
        fixture.Store.RemoveImage(image);
        Assert.False(System.IO.Directory.Exists(stray));
    }

    [Fact]
    public void A_layer_with_another_digest_than_promised_is_refused()
    {
        using var fixture = new StorageFixture();
        using var staging = fixture.Store.BeginLayer();
        staging.Unpack(new MemoryStream(new TarBuilder().File("f", "x").Build()), CancellationToken.None);
        var commit = new LayerCommit { ExpectedDiffId = "sha256:" + new string('0', 64) };
        Assert.Equal(ErrorKind.DataCorrupt, Assert.Throws<ContainerEngineException>(() => fixture.Store.CommitImage([(staging, commit)], new ImageCommit { Id = StorageFixture.NewId() })).Kind);
    }

    [Fact]
    public void Writers_in_two_stores_lose_nothing()
    {
        using var fixture = new StorageFixture();
        var other = ContainerStorage.Open(fixture.Configuration);
        var threads = new[] { fixture.Store, other }.Select((store, number) => new Thread(() =>
        {
            for (var i = 0; i < 40; i++)
                store.CommitImage([], new ImageCommit { Id = StorageFixture.NewId(), Names = [$"localhost/{number}-{i}:latest"] });
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Equal(80, fixture.Store.ListImages().Count);
        Assert.Equal(80, other.ListImages().SelectMany(image => image.Names).Distinct().Count());
    }

    [Fact]
    public void Foreign_members_and_times_stay_as_they_are()
    {
        const string record = """{"id":"x","created":"2026-11-22T01:15:00.745921956Z","future":{"a":[1, 2.50]},"flags":{"other":"y"},"names":["n"]}""";
        var changed = RecordEditor.SetFlag(RecordEditor.Set(Encoding.UTF8.GetBytes(record), ("names", RecordEditor.Array(["m"]))), "incomplete", true);
        var text = Encoding.UTF8.GetString(changed);
        Assert.Contains("\"created\":\"2026-11-22T01:15:00.745921956Z\"", text);
        Assert.Contains("\"future\":{\"a\":[1, 2.50]}", text);
        using var document = JsonDocument.Parse(changed);
        Assert.Equal("m", document.RootElement.GetProperty("names")[0].GetString());
        Assert.Equal("y", document.RootElement.GetProperty("flags").GetProperty("other").GetString());
        Assert.True(document.RootElement.GetProperty("flags").GetProperty("incomplete").GetBoolean());
        var back = RecordEditor.SetFlag(changed, "incomplete", false);
        Assert.DoesNotContain("incomplete", Encoding.UTF8.GetString(back));
    }

    [Theory]
    [InlineData("driver = \"vfs\"", "driver")]
    [InlineData("transient_store = true", "transient_store")]
    [InlineData("imagestore = \"/x\"", "imagestore")]
    [InlineData("[storage.options]\nadditionallayerstores = [\"/x\"]", "additionallayerstores")]
    [InlineData("[storage.options.overlay]\nmount_program = \"/usr/bin/fuse-overlayfs\"", "mount_program")]
    [InlineData("[storage.options.overlay]\nuse_composefs = \"true\"", "use_composefs")]
    public void What_cannot_be_written_safely_is_refused_by_name(string lines, string key)
    {
        using var fixture = new StorageFixture();
        var configuration = Load(fixture, "[storage]\n" + lines);
        Assert.Contains(key, configuration.Refusal!.Message);
        var store = ContainerStorage.Open(configuration with { GraphRoot = fixture.Configuration.GraphRoot });
        Assert.Empty(store.ListImages());
        Assert.Throws<ContainerEngineException>(() => store.CommitImage([], new ImageCommit { Id = StorageFixture.NewId() }));
    }

    [Fact]
    public void Configuration_keys()
    {
        using var fixture = new StorageFixture();
        var configuration = Load(fixture, "[storage]\ngraphroot = \"/g\"\nrunroot = \"/r/\"\n[storage.options]\nadditionalimagestores = [\"/i\"]\n[storage.options.overlay]\nmountopt = \"nodev,metacopy=on\"");
        Assert.Equal(("/g", "/r", "nodev,metacopy=on"), (configuration.GraphRoot, configuration.RunRoot, configuration.MountOptions));
        Assert.Equal(["/i"], configuration.AdditionalImageStores);
        Assert.Null(configuration.Refusal);
    }

    [Fact]
    public async Task Locks_exclude_and_waits_can_be_cancelled()
    {
        using var fixture = new StorageFixture();
        var path = fixture.Root + "/lock";
        using var first = FileLock.Acquire(path, LockMode.Exclusive);
        Assert.Null(FileLock.TryAcquire(path, LockMode.Shared));
        using var source = new CancellationTokenSource(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => FileLock.AcquireAsync(path, LockMode.Exclusive, source.Token));
        using var second = new CancellationTokenSource(50);
        Assert.ThrowsAny<OperationCanceledException>(() => FileLock.Acquire(path, LockMode.Exclusive, second.Token));
        var waiting = FileLock.AcquireAsync(path, LockMode.Shared);
        first.Dispose();
        using var shared = await waiting;
        using var more = FileLock.TryAcquire(path, LockMode.Shared);
        Assert.NotNull(more);
    }

    [Fact]
    public async Task A_lock_file_that_was_replaced_is_not_the_lock()
    {
        using var fixture = new StorageFixture();
        var path = fixture.Root + "/lock";
        var first = FileLock.Acquire(path, LockMode.Exclusive);
        var waiting = FileLock.AcquireAsync(path, LockMode.Exclusive);
        File.Delete(path);
        first.Dispose();
        using var second = await waiting;
        Assert.Null(FileLock.TryAcquire(path, LockMode.Shared));
    }

    private static StorageConfiguration Load(StorageFixture fixture, string storageConf)
    {
        var file = fixture.Root + "/storage.conf";
        File.WriteAllText(file, storageConf);
        return StorageConfiguration.Load(new ConfigurationEnvironment
        {
            Variables = new Dictionary<string, string> { ["CONTAINERS_STORAGE_CONF"] = file },
            UserId = 0,
            HomeDirectory = fixture.Root,
            SystemRoot = fixture.Root,
        });
    }
}
