using System.Management.Automation;
using Podsharp.Model;

namespace Podsharp.Pump;

/// <summary>Turns the engine's errors into PowerShell's.</summary>
internal static class ErrorRecords
{
    /// <summary>An error record: the engine's stable id as error id, the remedy as recommended action.</summary>
    /// <param name="exception">What went wrong.</param>
    /// <param name="target">The object the cmdlet worked on; the engine's target when null.</param>
    public static ErrorRecord Create(Exception exception, object? target)
    {
        if (exception is AggregateException { InnerExceptions: [var only] })
            exception = only;
        if (exception is not ContainerEngineException error)
            return new ErrorRecord(exception, "Unexpected", Category(exception), target);
        var record = new ErrorRecord(error, error.ErrorId, Category(error.Kind), target ?? error.Target);
        if (error.Remedy is not null)
            record.ErrorDetails = new ErrorDetails(error.Reason) { RecommendedAction = error.Remedy };
        return record;
    }

    /// <summary>PowerShell's category of an error kind.</summary>
    public static ErrorCategory Category(ErrorKind kind) => kind switch
    {
        ErrorKind.InvalidArgument or ErrorKind.Ambiguous => ErrorCategory.InvalidArgument,
        ErrorKind.NotFound or ErrorKind.CommandNotFound => ErrorCategory.ObjectNotFound,
        ErrorKind.NameInUse => ErrorCategory.ResourceExists,
        ErrorKind.InvalidState => ErrorCategory.InvalidOperation,
        ErrorKind.InUse or ErrorKind.PortInUse => ErrorCategory.ResourceBusy,
        ErrorKind.PermissionDenied or ErrorKind.CommandNotExecutable => ErrorCategory.PermissionDenied,
        ErrorKind.MissingComponent => ErrorCategory.NotInstalled,
        ErrorKind.Unsupported => ErrorCategory.NotImplemented,
        ErrorKind.Unauthorized => ErrorCategory.AuthenticationError,
        ErrorKind.Network => ErrorCategory.ConnectionError,
        ErrorKind.DataCorrupt => ErrorCategory.InvalidData,
        ErrorKind.StorageFull => ErrorCategory.LimitsExceeded,
        ErrorKind.Runtime => ErrorCategory.InvalidResult,
        ErrorKind.Timeout => ErrorCategory.OperationTimeout,
        _ => ErrorCategory.NotSpecified,
    };

    private static ErrorCategory Category(Exception exception) => exception switch
    {
        UnauthorizedAccessException => ErrorCategory.PermissionDenied,
        FileNotFoundException or DirectoryNotFoundException => ErrorCategory.ObjectNotFound,
        IOException => ErrorCategory.ReadError,
        ArgumentException => ErrorCategory.InvalidArgument,
        OperationCanceledException => ErrorCategory.OperationStopped,
        _ => ErrorCategory.NotSpecified,
    };
}
