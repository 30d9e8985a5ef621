using Podsharp.Cli.Interactive;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Cli.Commands;

/// <summary>login and logout.</summary>
internal static class RegistryCommands
{
    internal static async Task<int> LoginAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var line = context.Line;
        var request = new RegistryLoginRequest
        {
            Registry = line.Arguments.Count > 0 ? context.Argument : null,
            Options = Options(context),
            CompatibleAuthFile = FullPath(context, "compat-auth-file"),
        };
        var session = await context.Engine.FindRegistrySessionAsync(request, context.Cancelled);
        if (line.Flag("get-login"))
        {
            if (session is not { UserName.Length: > 0 })
                throw new ContainerEngineException(ErrorKind.NotFound, "NotLoggedIn", $"not logged into {request.Registry}", request.Registry);
            context.Out.WriteLine(session.UserName);
            return 0;
        }
        if (session is { HasIdentityToken: true })
            throw EngineErrors.InvalidArgument("currently logged in, auth file contains an Identity token", session.Registry, "log out first");
        var (user, password) = await GivenAsync(context);
        if (user.Length == 0 && password.Length == 0 && session is not null && await IsStillGoodAsync(context, request, session))
            return 0;
        await LoginAsync(context, request, user.Length > 0 ? user : await AskUserAsync(context, session?.UserName ?? ""), password);
        return 0;
    }

    internal static async Task<int> LogoutAsync(CommandContext context)
    {
        var line = context.Line;
        if (line.Flag("all") && line.Arguments.Count > 0)
            throw EngineErrors.InvalidArgument("--all takes no arguments", context.Argument, "give one of them");
        var request = new RegistryLogoutRequest
        {
            Registry = line.Arguments.Count > 0 ? context.Argument : null,
            All = line.Flag("all"),
            AuthFile = FullPath(context, "authfile"),
            CompatibleAuthFile = FullPath(context, "compat-auth-file"),
        };
        var forgotten = await context.Engine.DisconnectRegistryAsync(request, context.Cancelled);
        context.Out.WriteLine($"Removed login credentials for {forgotten ?? "all registries"}");
        return 0;
    }

    private static async Task LoginAsync(CommandContext context, RegistryLoginRequest request, string user, string password)
    {
        if (password.Length == 0)
            password = await Prompt.SecretAsync(context, "Password: ", "give the password with --password-stdin");
        var session = await context.Engine.ConnectRegistryAsync(request with { Options = request.Options with { UserName = user, Password = password } }, context.Cancelled);
        if (context.Line.Flag("verbose"))
            context.Out.WriteLine("Used:  " + session.StoredIn);
        context.Out.WriteLine("Login Succeeded!");
    }

    private static async Task<bool> IsStillGoodAsync(CommandContext context, RegistryLoginRequest request, RegistrySession session)
    {
        context.Out.WriteLine($"Authenticating with existing credentials for {session.Registry}");
        try
        {
            await context.Engine.ConnectRegistryAsync(request, context.Cancelled);
            context.Out.WriteLine($"Existing credentials are valid. Already logged in to {session.Registry.Split('/')[0]}");
            return true;
        }
        catch (ContainerEngineException e) when (e.Kind == ErrorKind.Unauthorized)
        {
            context.Out.WriteLine("Existing credentials are invalid, please enter valid username and password");
            return false;
        }
    }

    private static async Task<string> AskUserAsync(CommandContext context, string known)
    {
        var answer = await Prompt.LineAsync(context, known.Length > 0 ? $"Username ({known}): " : "Username: ", "give the user name with --username");
        return answer.Length > 0 || known.Length == 0 ? answer : known;
    }

    /// <summary>What was given on the command line and on standard input.</summary>
    private static async Task<(string User, string Password)> GivenAsync(CommandContext context)
    {
        var line = context.Line;
        var (user, password) = (line.Text("username") ?? "", line.Text("password") ?? "");
        if (line.Text("secret") is { Length: > 0 } secret)
        {
            if (password.Length > 0 || line.Flag("password-stdin"))
                throw EngineErrors.InvalidArgument("--secret can not be used with --password options", secret, "give one of them");
            // As podman: without a user's name it is the secret's.
            return (user.Length > 0 ? user : secret, await SecretCommands.ReadAsync(context, secret));
        }
        if (!line.Flag("password-stdin"))
            return (user, password);
        if (password.Length > 0)
            throw EngineErrors.InvalidArgument("can't specify both --password-stdin and --password");
        if (user.Length == 0)
            throw EngineErrors.InvalidArgument("must provide --username with --password-stdin");
        using var reader = new StreamReader(context.In);
        return (user, (await reader.ReadToEndAsync(context.Cancelled)).ReplaceLineEndings(""));
    }

    /// <summary>The options; REGISTRY_AUTH_FILE counts for nothing where Docker's file is asked for.</summary>
    private static RegistryOptions Options(CommandContext context)
    {
        var options = ContainerSpecBuilder.Registry(context.Line, context.Caller);
        return context.Line.Given("compat-auth-file") && !context.Line.Given("authfile") ? options with { AuthFile = null } : options;
    }

    private static string? FullPath(CommandContext context, string option) =>
        context.Line.Text(option) is { Length: > 0 } path ? context.Caller.Resolve(path) : null;
}
