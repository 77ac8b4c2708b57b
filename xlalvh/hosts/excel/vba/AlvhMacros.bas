Option Explicit

' Macros that a user can run.

' Start the process that computes the ALVH_ formulas. Excel runs this by itself after opening.
Public Sub AlvhStart()
    AlvhConnect
    If Not AlvhRuns() Then
        MsgBox "The Python process that computes the ALVH_ formulas did not start from" & vbLf & AlvhHome() & vbLf & _
            "Install xlalvh again, then run the macro AlvhStart or open the book again.", vbExclamation, "xlalvh"
    End If
End Sub
