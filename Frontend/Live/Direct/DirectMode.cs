namespace RedNote.Frontend.Live;

/// <summary>How frames for many get to each connection.</summary>
public enum DirectMode
{
    /// <summary>Through SignalR, each on its own.</summary>
    Off,

    /// <summary>As bytes made once, into the web server's stream.</summary>
    Stream,

    /// <summary>As bytes made once, to the socket; the web server's stream where TLS is in between.</summary>
    Socket,
}
