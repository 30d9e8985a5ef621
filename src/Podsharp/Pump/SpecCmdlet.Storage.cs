using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;

namespace Podsharp.Pump;

// The parameters that say what it sees of disks.
public abstract partial class SpecCmdlet
{
    /// <summary>Mounts: "SOURCE:TARGET[:OPTIONS]", where SOURCE is a path (beginning with / or .) or a volume's name; or a hashtable of sources and targets.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [MountTransformation(MountSyntax.Volume)]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public ContainerMount[] Volume { get; set; } = [];

    /// <summary>Mounts: "type=bind,source=...,target=...", or a hashtable with Type, Source, Target, ReadOnly, Options.</summary>
    [Parameter]
    [MountTransformation(MountSyntax.Mount)]
    public ContainerMount[] Mount { get; set; } = [];

    /// <summary>Containers whose mounts it has, too, but where it has others: "NAME[:OPTIONS]", options ro, rw and z; or containers.</summary>
    [Parameter]
    [ContainerNameTransformation]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[] VolumeFrom { get; set; } = [];

    /// <summary>Directories in the container that are roots themselves: they get resolv.conf and hosts, too.</summary>
    [Parameter]
    public string[] ChrootDirectory { get; set; } = [];

    /// <summary>Memory file systems: "TARGET[:OPTIONS]".</summary>
    [Parameter]
    [MountTransformation(MountSyntax.Tmpfs)]
    public ContainerMount[] Tmpfs { get; set; } = [];

    /// <summary>Secrets: "NAME[,type=mount|env,target=...,uid=...,gid=...,mode=...]"; secrets; or hashtables with Secret, Type (Mount or Env), Target, UserId,
    /// GroupId, Mode (octal).</summary>
    [Parameter]
    [SecretTransformation]
    [ArgumentCompleter(typeof(SecretCompleter))]
    public SecretUse[] Secret { get; set; } = [];

    /// <summary>Makes the root file system read-only.</summary>
    [Parameter]
    public SwitchParameter ReadOnly { get; set; }

    /// <summary>With -ReadOnly: no writable /tmp, /run and /var/tmp.</summary>
    [Parameter]
    public SwitchParameter NoReadOnlyTmpfs { get; set; }

    /// <summary>The size of /dev/shm in bytes: 64mb, or "64m".</summary>
    [Parameter]
    [ByteSizeTransformation]
    public long? ShmSize { get; set; }

    /// <summary>The size in bytes of each tmpfs that systemd gets (/run, /run/lock, /tmp, /var/log/journal): 64mb, or "64m".</summary>
    [Parameter]
    [ByteSizeTransformation]
    public long? SystemdShmSize { get; set; }

    /// <summary>What the image's volumes become.</summary>
    [Parameter]
    [ValidateSet("Anonymous", "Tmpfs", "Ignore")]
    public string ImageVolumeMode { get; set; } = "Anonymous";
}
