using System.Collections;
using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;

namespace Podsharp.Pump;

// The parameters that say what runs, and as whom.
public abstract partial class SpecCmdlet
{
    /// <summary>Replaces the image's entry point, and with it the image's command; '' removes it.</summary>
    [Parameter]
    [AllowEmptyString]
    public string[]? EntryPoint { get; set; }

    /// <summary>The working directory.</summary>
    [Parameter]
    public string? WorkingDirectory { get; set; }

    /// <summary>USER[:GROUP], names or numbers.</summary>
    [Parameter]
    public string? User { get; set; }

    /// <summary>Supplementary groups; keep-groups alone keeps the session's.</summary>
    [Parameter]
    public string[] AddGroup { get; set; } = [];

    /// <summary>Makes no entries in /etc/passwd and /etc/group for a user whom the image doesn't know.</summary>
    [Parameter]
    public SwitchParameter NoPasswdEntry { get; set; }

    /// <summary>The line for /etc/passwd, with $USERNAME, $UID, $GID, $NAME and $HOME in it (in single quotes).</summary>
    [Parameter]
    public string? PasswdEntry { get; set; }

    /// <summary>The line for /etc/group, with $GROUPNAME, $GID and $USERLIST in it (in single quotes).</summary>
    [Parameter]
    public string? GroupEntry { get; set; }

    /// <summary>Users of the host to add to /etc/passwd.</summary>
    [Parameter]
    public string[] HostUser { get; set; } = [];

    /// <summary>The execution domain.</summary>
    [Parameter]
    [ValidateSet("LINUX", "LINUX32")]
    public string? Personality { get; set; }

    /// <summary>Gives it a terminal.</summary>
    [Parameter]
    public SwitchParameter Terminal { get; set; }

    /// <summary>Keeps its standard input open.</summary>
    [Parameter]
    public SwitchParameter Input { get; set; }

    /// <summary>Runs an init as process 1 that forwards signals and reaps.</summary>
    [Parameter]
    public SwitchParameter Init { get; set; }

    /// <summary>The init program of the host.</summary>
    [Parameter]
    public string? InitPath { get; set; }

    /// <summary>The umask in the container, octal.</summary>
    [Parameter]
    [ValidatePattern("^0?[0-7]{1,4}$")]
    public string? Umask { get; set; }

    /// <summary>Variables: a hashtable, NAME=value, NAME to pass the session's value on, or NAME* to pass all that begin so.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DictionaryTransformation(Environment = true)]
    public Hashtable? Environment { get; set; }

    /// <summary>Files with NAME=value lines.</summary>
    [Parameter]
    public string[] EnvironmentFile { get; set; } = [];

    /// <summary>Passes all of the session's variables on.</summary>
    [Parameter]
    public SwitchParameter InheritEnvironment { get; set; }

    /// <summary>Variables made of the image's: a hashtable, or NAME=value, with $NAME or ${NAME} in the values.</summary>
    [Parameter]
    [DictionaryTransformation]
    public Hashtable? EnvironmentMerge { get; set; }

    /// <summary>Variables of the image, or the engine's defaults, to leave out.</summary>
    [Parameter]
    public string[] RemoveEnvironment { get; set; } = [];

    /// <summary>Leaves out all variables of the image and the engine's defaults.</summary>
    [Parameter]
    public SwitchParameter ClearEnvironment { get; set; }

    /// <summary>The time zone: a name such as Europe/Paris, or local for the host's.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    public string? TimeZone { get; set; }

    /// <summary>Doesn't pass the session's proxy variables on.</summary>
    [Parameter]
    public SwitchParameter NoHttpProxy { get; set; }
}
